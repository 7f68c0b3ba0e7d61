import { expect, it } from '@jest/globals';
import { billingCalendar } from '../../../domain/periods/billing-period.ts';
import type { BillingAnchor } from '../../../domain/periods/billing-period.ts';
import type { CalendarInterval } from '../../../domain/time/calendar-date.ts';
import { localDate } from '../../../domain/time/local-date.ts';

const years = 40;
const anchorDays = Array.from({ length: 31 }, (_, index) => index + 1);
interface Walk extends CalendarInterval {
  readonly periods: number;
  readonly days: readonly [number, number];
  readonly parts: number;
}

function walks(parts: number): readonly Walk[] {
  return [
    { interval: 'day', count: 1, periods: years * 365 + 10, days: [1, 1], parts },
    { interval: 'week', count: 1, periods: years * 52 + 70, days: [7, 7], parts },
    { interval: 'month', count: 1, periods: years * 12, days: [28, 31], parts: 1 },
    { interval: 'month', count: 3, periods: years * 4, days: [89, 92], parts: 1 },
    { interval: 'month', count: 6, periods: years * 2, days: [181, 184], parts: 1 },
    { interval: 'year', count: 1, periods: years, days: [365, 366], parts: 1 },
    { interval: 'year', count: 2, periods: years / 2, days: [730, 731], parts: 1 },
  ];
}

const hourMs = 3_600_000;

function anchorOf(day: number, timeZone: string): BillingAnchor {
  return {
    at: new Date(Date.UTC(2024, 0, day, day % 24, 30)).toISOString(),
    timeZone,
    alignment: day % 7 === 0 ? 'calendar' : 'anniversary',
  };
}

/** What is odd about the periods of a walk, in words; a good walk has nothing. */
function oddities(day: number, timeZone: string, walk: Walk): string[] {
  const anchor = anchorOf(day, timeZone);
  const calendar = billingCalendar(anchor, walk);
  const perPart = Math.ceil(walk.periods / walk.parts);
  const first = walk.parts === 1 ? 0 : (day - 1) * perPart;
  const odd: string[] = [];
  let end = first === 0 ? anchor.at : calendar.periodAt(first - 1).end;
  for (let index = first; index < first + perPart; index += 1) {
    const period = calendar.periodAt(index);
    const hours = (Date.parse(period.end) - Date.parse(period.start)) / hourMs;
    const least = index === 0 && anchor.alignment === 'calendar' ? 0.01 : walk.days[0] * 24 - 1;
    if (period.start !== end) odd.push(`${index}: from ${period.start}, the one before until ${end}`);
    if (hours < least || hours > walk.days[1] * 24 + 1) odd.push(`${index}: ${hours} hours`);
    if (walk.interval === 'month' && !keepsItsDay(period.start, anchor, index)) odd.push(`${index}: ${period.start}`);
    end = period.end;
  }
  if (calendar.indexAt(end) !== first + perPart) odd.push(`${end} is not in period ${first + perPart}`);
  return odd;
}

/** The day of the anchor in every month that has it, the last day in the others. */
function keepsItsDay(start: string, { at, timeZone, alignment }: BillingAnchor, index: number): boolean {
  const date = localDate(start, timeZone);
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))];
  const anchorDay = alignment === 'calendar' && index > 0 ? 1 : Number(localDate(at, timeZone).slice(8));
  return day === Math.min(anchorDay, new Date(Date.UTC(year, month, 0)).getUTCDate());
}

/**
 * Every anchor day of a month × every interval × 40 years, in one zone; one file a zone, so that they run side by side.
 * Each anchor day walks its own 31st of the days and weeks, so that together they walk them all, and every one of them
 * alone from 31,000 runs on.
 * @param runs how often properties are tried
 */
export function itTilesIn(timeZone: string, runs: number): void {
  const parts = runs >= 31_000 ? 1 : 31;
  it.each(walks(parts))(`tile without gap or overlap in ${timeZone} by $count $interval`, (walk) => {
    expect(anchorDays.flatMap((day) => oddities(day, timeZone, walk))).toEqual([]);
  });
}

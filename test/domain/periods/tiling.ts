import { expect, it } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { billingCalendar } from '../../../domain/periods/billing-period.ts';
import type { BillingAnchor } from '../../../domain/periods/billing-period.ts';
import type { CalendarInterval } from '../../../domain/time/calendar-date.ts';
import { localDate } from '../../../domain/time/local-date.ts';

const years = 40;
const hourMs = 3_600_000;

interface Walk extends CalendarInterval {
  readonly periods: number;
  /** The shortest and the longest period on the wall. */
  readonly days: readonly [number, number];
}

const walks: readonly Walk[] = [
  { interval: 'day', count: 1, periods: years * 365 + 10, days: [1, 1] },
  { interval: 'week', count: 1, periods: years * 52 + 8, days: [7, 7] },
  { interval: 'month', count: 1, periods: years * 12, days: [28, 31] },
  { interval: 'month', count: 3, periods: years * 4, days: [89, 92] },
  { interval: 'month', count: 6, periods: years * 2, days: [181, 184] },
  { interval: 'year', count: 1, periods: years, days: [365, 366] },
  { interval: 'year', count: 2, periods: years / 2, days: [730, 731] },
];

/** Every day of a month and 29 February, at another hour each; on some days aligned to the calendar besides. */
function anchorsIn(timeZone: string): BillingAnchor[] {
  const january = Array.from({ length: 31 }, (_, index) => ({ month: 1, day: index + 1 }));
  return [...january, { month: 2, day: 29 }].flatMap(({ month, day }) => {
    const zoned = Temporal.ZonedDateTime.from({ timeZone, year: 2024, month, day, hour: day % 24, minute: 30 });
    const anniversary: BillingAnchor = { at: zoned.toInstant().toString(), timeZone, alignment: 'anniversary' };
    return day % 7 === 0 ? [anniversary, { ...anniversary, alignment: 'calendar' }] : [anniversary];
  });
}

/** What is odd about the periods of a walk, in words; a good walk has nothing. */
function oddities(anchor: BillingAnchor, walk: Walk): string[] {
  const calendar = billingCalendar(anchor, walk);
  const odd: string[] = [];
  let end = new Date(anchor.at).toISOString();
  for (let index = 0; index < walk.periods; index += 1) {
    const period = calendar.periodAt(index);
    const hours = (Date.parse(period.end) - Date.parse(period.start)) / hourMs;
    const least = index === 0 && anchor.alignment === 'calendar' ? 0.01 : walk.days[0] * 24 - 1;
    if (period.start !== end) odd.push(`${index}: from ${period.start}, the one before until ${end}`);
    if (hours < least || hours > walk.days[1] * 24 + 1) odd.push(`${index}: ${hours} hours`);
    if (walk.days[0] > 7 && !keepsItsDay(period.start, anchor, index)) odd.push(`${index}: ${period.start}`);
    end = period.end;
  }
  if (calendar.indexAt(end) !== walk.periods) odd.push(`${end} is not in period ${walk.periods}`);
  return odd.map((what) => `${anchor.at}, ${anchor.alignment}: ${what}`);
}

/** The day of the anchor in every month that has it, so 29 February in leap years; the last day in the others. */
function keepsItsDay(start: string, { at, timeZone, alignment }: BillingAnchor, index: number): boolean {
  const date = localDate(start, timeZone);
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))];
  const anchorDay = alignment === 'calendar' && index > 0 ? 1 : Number(localDate(at, timeZone).slice(8));
  return day === Math.min(anchorDay, new Date(Date.UTC(year, month, 0)).getUTCDate());
}

/**
 * Every anchor day of a month × every interval × 40 years in one zone, without a sample: 600,000 periods. One file a zone,
 * so that they run side by side.
 */
export function itTilesIn(timeZone: string): void {
  it.each(walks)(`tile without gap or overlap in ${timeZone} by $count $interval`, (walk) => {
    expect(anchorsIn(timeZone).flatMap((anchor) => oddities(anchor, walk))).toEqual([]);
  });
}

import { fail } from '../failures.ts';
import { addDays, addInterval, startOfDay } from '../time/calendar-date.ts';
import { localDate } from '../time/local-date.ts';
import { rowOn } from '../tax/dated-row.ts';
import { timeZones } from '../tax/data/time-zones.ts';
import { europeanHolidays } from './data/holidays.ts';
import { severalZones } from './data/markets.ts';
import type { PeriodRule } from './data/withdrawal-rules.ts';
import type { RefundFacts } from './refund-facts.ts';

export interface Deadline {
  /** The last local date, YYYY-MM-DD, to its end. */
  readonly lastDay: string;
  /** The first instant (ISO 8601 UTC) that is too late. */
  readonly end: string;
  /** IANA: whose midnight that is. */
  readonly zone: string;
}

/** The zones whose midnights may be the customer's: one where it is known. */
function zonesOf({ country, region, timeZone }: RefundFacts['buyer']): readonly string[] {
  const known = timeZone ?? (region === null ? undefined : timeZones[`${country}-${region}`]);
  return known === undefined ? (severalZones[country] ?? [timeZones[country] ?? dayEndsLast]) : [known];
}

/** For a country that no table knows. */
const dayEndsLast = 'Etc/GMT+12';

/** The customer's date at an instant, for looking up what was law then. @throws time.date_invalid */
export function customerDate(at: string, buyer: RefundFacts['buyer']): string {
  return localDate(at, zonesOf(buyer)[0] ?? dayEndsLast);
}

/**
 * When a period ends in the customer's zone; null while what it runs from has not happened: it has not begun.
 * @param monthsLonger for a customer who was not told of the right
 * @throws time.date_invalid
 */
export function deadlineOf(period: PeriodRule, facts: RefundFacts, monthsLonger = 0): Deadline | null {
  const from = beginning(period.from, facts);
  if (from === null) return null;
  const days = period.firstDay === 'next' ? period.days : period.days - 1;
  return latest(facts.buyer, from, (date) => {
    const ordinary = addDays(date, days);
    const longer = monthsLonger === 0 ? ordinary : addInterval(ordinary, { interval: 'month', count: monthsLonger });
    return workingDayFrom(longer, period.restDays);
  });
}

/** So many months after an instant, to the end of that day in the customer's zone. @throws time.date_invalid */
export function monthsAfter(from: string, months: number, buyer: RefundFacts['buyer']): Deadline {
  return latest(buyer, from, (date) => addInterval(date, { interval: 'month', count: months }));
}

/** A period counted in each zone that may be the customer's; the one that ends last. */
function latest(buyer: RefundFacts['buyer'], from: string, lastDayOf: (firstDay: string) => string): Deadline {
  const [first, ...others] = zonesOf(buyer).map((zone) => {
    const lastDay = lastDayOf(localDate(from, zone));
    return { lastDay, end: startOfDay(addDays(lastDay, 1), zone), zone };
  });
  if (first === undefined) return fail('internal.unexpected', `No time zone for ${buyer.country}`);
  return others.reduce((last, one) => (Date.parse(one.end) > Date.parse(last.end) ? one : last), first);
}

function beginning(from: PeriodRule['from'], facts: RefundFacts): string | null {
  const { contractAt, receivedAt, suppliedAt, confirmationSentAt } = facts;
  switch (from) {
    case 'contract':
      return contractAt;
    case 'receipt':
      return facts.kind === 'goods' ? receivedAt : suppliedAt;
    case 'contract_or_supply':
      return later(contractAt, suppliedAt);
    case 'confirmation_or_supply':
      return later(confirmationSentAt, suppliedAt);
  }
}

function later(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return null;
  return Date.parse(one) < Date.parse(other) ? other : one;
}

function workingDayFrom(date: string, restDays: PeriodRule['restDays']): string {
  if (restDays === 'count') return date;
  const isRestDay = isWeekend(date) || (restDays === 'weekends_and_holidays' && isHoliday(date));
  return isRestDay ? workingDayFrom(addDays(date, 1), restDays) : date;
}

function isWeekend(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

function isHoliday(date: string): boolean {
  const row = rowOn(europeanHolidays, date);
  if (row === null) return false;
  const easter = easterSunday(Number(date.slice(0, 4)));
  return row.fixed.includes(date.slice(5)) || row.fromEaster.some((days) => addDays(easter, days) === date);
}

/** Gregorian Easter by the method of Meeus, Jones and Butcher. */
function easterSunday(year: number): string {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const correction = Math.floor((8 * century + 13) / 25);
  const moon = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const epact = moon - Math.floor((golden + 11 * moon) / 319);
  const rest = year % 100;
  const weekday = (2 * (century % 4) + 2 * Math.floor(rest / 4) - (rest % 4) - epact + 32) % 7;
  const month = Math.floor((epact + weekday + 90) / 25);
  const day = (epact + weekday + month + 19) % 32;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

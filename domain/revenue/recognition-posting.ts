import { facts } from '../idempotency.ts';
import { ledgerAccount } from '../ledger/chart-of-accounts.ts';
import { assertBalanced } from '../ledger/journal-entry.ts';
import type { JournalEntry, Posting } from '../ledger/journal-entry.ts';
import { sum } from '../money/money.ts';
import { addDays, nextMonthStart } from '../time/calendar-date.ts';
import { positionUntil } from './recognition-schedule.ts';
import type { RecognitionSchedule } from './recognition-schedule.ts';

/**
 * What left deferred revenue through recognition entries, minor units: earned, or given back before it was. The entry of a
 * credit books its whole net as contra revenue; what of it was never earned is taken out of there by recognition.
 */
interface Released {
  readonly recognised: number;
  readonly refunded: number;
  readonly disputed: number;
}

/** What the journal holds of a schedule. */
export interface BookedRevenue extends Released {
  /** Last day covered, YYYY-MM-DD; null before the first posting. */
  readonly through: string | null;
}

/** One entry to be made: differences, through `day`. Negative where a fact that became known late undoes what was booked. */
export interface RecognitionPosting extends Released {
  readonly day: string;
}

export const nothingBooked: BookedRevenue = { through: null, recognised: 0, refunded: 0, disputed: 0 };

/**
 * What the book lacks to be right at the end of `day`: one posting per month, so that days that were missed over the end
 * of a month still fall into theirs. Nothing for a day that is covered.
 */
export function duePostings(
  schedule: RecognitionSchedule,
  booked: BookedRevenue,
  day: string,
): readonly RecognitionPosting[] {
  const postings: RecognitionPosting[] = [];
  let before = booked;
  for (let from = firstDay(schedule, booked); from <= day; from = nextMonthStart(from)) {
    const monthEnd = addDays(nextMonthStart(from), -1);
    const through = monthEnd < day ? monthEnd : day;
    const target = targetOf(schedule, through);
    const posting = {
      day: through,
      recognised: target.recognised - before.recognised,
      refunded: target.refunded - before.refunded,
      disputed: target.disputed - before.disputed,
    };
    if (isSomething(posting)) postings.push(posting);
    before = target;
  }
  return postings;
}

/** The book once the posting is made. */
export function bookedAfter(booked: BookedRevenue, posting: RecognitionPosting): BookedRevenue {
  return {
    through: posting.day,
    recognised: booked.recognised + posting.recognised,
    refunded: booked.refunded + posting.refunded,
    disputed: booked.disputed + posting.disputed,
  };
}

/** True when no day after `day` can earn anything, as far as is known. */
export function isEarnedBy(schedule: RecognitionSchedule, day: string): boolean {
  return schedule.events.every(({ on }) => on <= day) && positionUntil(schedule, addDays(day, 1)).deferred === 0;
}

/** What the account deferred revenue holds of the schedule. */
export function bookedDeferred(
  schedule: RecognitionSchedule,
  { recognised, refunded, disputed }: BookedRevenue,
): number {
  const invoiced = schedule.events.map((event) => (event.kind === 'plan_changed' ? event.net : 0));
  return sum([schedule.net, ...invoiced, -recognised, -refunded, -disputed]);
}

/**
 * Dr deferred revenue; Cr revenue for what was earned, contra revenue for what was given back unearned.
 * @param entry.at when it is dated, ISO 8601 UTC
 */
export function recognitionEntry(entry: {
  readonly schedule: Pick<RecognitionSchedule, 'orderId' | 'line' | 'sellerId' | 'currency'>;
  readonly posting: RecognitionPosting;
  readonly at: string;
}): JournalEntry {
  const { schedule, posting, at } = entry;
  const { orderId, line, sellerId, currency } = schedule;
  const { recognised, refunded, disputed, day } = posting;
  const legs: readonly (readonly [account: string, amount: number])[] = [
    [ledgerAccount('deferred_revenue', sellerId), sum([recognised, refunded, disputed])],
    [ledgerAccount('revenue', sellerId), -recognised],
    [ledgerAccount('refunds', sellerId), -refunded],
    [ledgerAccount('chargebacks', sellerId), -disputed],
  ];
  const postings: Posting[] = legs
    .filter(([, amount]) => amount !== 0)
    .map(([account, amount]) => ({ account, currency, amount }));
  return assertBalanced({
    fact: facts.recognition(orderId, line, day),
    kind: 'recognition',
    at,
    postings,
    memo: `Revenue of order ${orderId}, line ${line}, through ${day}`,
  });
}

function firstDay(schedule: RecognitionSchedule, { through }: BookedRevenue): string {
  if (through !== null) return addDays(through, 1);
  return [schedule.period.start, ...schedule.events.map(({ on }) => on)].reduce((a, b) => (b < a ? b : a));
}

function targetOf(schedule: RecognitionSchedule, through: string): BookedRevenue {
  const { recognised, refunded, disputed } = positionUntil(schedule, addDays(through, 1));
  return { through, recognised, refunded: refunded.deferred, disputed: disputed.deferred };
}

function isSomething({ recognised, refunded, disputed }: RecognitionPosting): boolean {
  return recognised !== 0 || refunded !== 0 || disputed !== 0;
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accountingInstant, isMonthClosed } from '../../../domain/revenue/accounting-month.ts';
import {
  bookedAfter,
  bookedDeferred,
  duePostings,
  isEarnedBy,
  nothingBooked,
  recognitionEntry,
} from '../../../domain/revenue/recognition-posting.ts';
import type { BookedRevenue, RecognitionPosting } from '../../../domain/revenue/recognition-posting.ts';
import { positionUntil } from '../../../domain/revenue/recognition-schedule.ts';
import type { RecognitionEvent, RecognitionSchedule } from '../../../domain/revenue/recognition-schedule.ts';
import { addDays } from '../../../domain/time/calendar-date.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { anyDate, anySchedule, credit, sampleSchedule } from './schedules.ts';

const due = (booked: BookedRevenue, day: string, events: readonly RecognitionEvent[] = []) =>
  duePostings(sampleSchedule({ events }), booked, day);
const through = (day: string): BookedRevenue => due(nothingBooked, day).reduce(bookedAfter, nothingBooked);

describe('what is due', () => {
  it('is the cumulative difference since the last posting', () => {
    expect(due(nothingBooked, '2027-01-01')).toEqual([
      { day: '2027-01-01', recognised: 329, refunded: 0, disputed: 0 },
    ]);
    expect(due(through('2027-01-01'), '2027-01-02')).toMatchObject([{ recognised: 329 }]);
    expect(due(through('2027-01-02'), '2027-01-10')).toMatchObject([{ day: '2027-01-10', recognised: 3288 - 658 }]);
  });

  it('falls into the months that were missed', () => {
    expect(due(through('2027-01-29'), '2027-03-02')).toMatchObject([
      { day: '2027-01-31', recognised: 10192 - 9534 },
      { day: '2027-02-28', recognised: 9205 },
      { day: '2027-03-02', recognised: 658 },
    ]);
  });

  it('is nothing before the first day, for a day that is covered, and after everything is earned', () => {
    expect(due(nothingBooked, '2026-12-31')).toEqual([]);
    expect(due(through('2027-05-05'), '2027-05-05')).toEqual([]);
    expect(due(through('2027-05-05'), '2027-04-01')).toEqual([]);
    expect(due(through('2028-06-01'), '2029-01-01')).toEqual([]);
  });

  it('takes back what a refund that became known late had not earned, and releases the rest to contra revenue', () => {
    const booked = through('2027-03-20');
    expect(due(booked, '2027-03-21', [credit('r', '2027-03-15', 120_000)])).toEqual([
      { day: '2027-03-21', recognised: 24_000 - booked.recognised, refunded: 96_000, disputed: 0 },
    ]);
  });

  it('follows when an earlier fact changes how a refund falls', () => {
    const refund = credit('r', '2027-03-15', 60_000);
    const upgrade = { kind: 'plan_changed', id: 'p', on: '2027-03-15', net: 24_000, end: '2028-01-01' } as const;
    const booked = duePostings(sampleSchedule({ events: [refund] }), nothingBooked, '2027-03-31').reduce(
      bookedAfter,
      nothingBooked,
    );
    expect(booked.refunded).toBe(48_000);
    expect(due(booked, '2027-04-01', [refund, upgrade])).toMatchObject([{ refunded: 2000 }]);
  });
});

describe('the entry', () => {
  const entryOf = (posting: Partial<RecognitionPosting>) =>
    recognitionEntry({
      schedule: sampleSchedule(),
      posting: { day: '2027-01-31', recognised: 0, refunded: 0, disputed: 0, ...posting },
      at: '2027-01-31T23:59:59.999Z',
    });

  it('debits deferred revenue and credits revenue of the seller', () => {
    expect(entryOf({ recognised: 329 })).toEqual({
      fact: 'order/ord_1/line/1/revenue/2027-01-31',
      kind: 'recognition',
      at: '2027-01-31T23:59:59.999Z',
      postings: [
        { account: 'deferred_revenue/seller_default', currency: 'EUR', amount: 329 },
        { account: 'revenue/seller_default', currency: 'EUR', amount: -329 },
      ],
      memo: 'Revenue of order ord_1, line 1, through 2027-01-31',
    });
  });

  it('credits contra revenue for what was given back unearned', () => {
    const { postings } = entryOf({ recognised: -10, refunded: 25, disputed: 5 });
    expect(postings.map(({ account, amount }) => [account.split('/')[0], amount])).toEqual([
      ['deferred_revenue', 20],
      ['revenue', 10],
      ['refunds', -25],
      ['chargebacks', -5],
    ]);
  });
});

describe('the month of an entry', () => {
  it.each([
    ['is open on the tenth of the next', '2027-01-31', '2027-02-10', false],
    ['is closed on the eleventh', '2027-01-31', '2027-02-11', true],
    ['is open while it lasts', '2027-01-31', '2027-01-31', false],
    ['is closed years later', '2027-12-01', '2030-01-01', true],
  ])('%s', (_, day, today, closed) => {
    expect(isMonthClosed(day, today)).toBe(closed);
  });

  it.each([
    ['the end of its day in the zone of the books', '2027-07-01', '2027-07-02T03:00:00Z', '2027-07-01T22:59:59.999Z'],
    ['now when its month is closed', '2027-06-30', '2027-07-20T03:00:00Z', '2027-07-20T03:00:00Z'],
    ['now while its day lasts', '2027-07-01', '2027-07-01T12:00:00Z', '2027-07-01T12:00:00Z'],
  ])('dates it at %s', (_, day, now, instant) => {
    expect(accountingInstant(day, now, 'Europe/Dublin')).toBe(instant);
  });
});

type Step = RecognitionEvent | { readonly run: string };

/** The journal of one schedule: facts become known in any order, runs happen on any days. */
function play(
  schedule: RecognitionSchedule,
  steps: readonly Step[],
  afterRun: (book: Readonly<Record<'deferred' | 'revenue', number>>, day: string) => void = () => undefined,
) {
  let known: RecognitionSchedule = { ...schedule, events: [] };
  let booked = nothingBooked;
  const book = { deferred: -schedule.net, revenue: 0, refunds: 0, chargebacks: 0 };
  for (const step of steps) {
    if ('run' in step) {
      for (const posting of duePostings(known, booked, step.run)) {
        book.deferred += posting.recognised + posting.refunded + posting.disputed;
        book.revenue -= posting.recognised;
        book.refunds -= posting.refunded;
        book.chargebacks -= posting.disputed;
        booked = bookedAfter(booked, posting);
      }
      afterRun(book, step.run);
    } else {
      if (step.kind === 'plan_changed') book.deferred -= step.net;
      // The entry of a credit: all of it is contra revenue at first.
      if (step.kind === 'credited') book[step.cause === 'refund' ? 'refunds' : 'chargebacks'] += step.net;
      known = { ...known, events: [...known.events, step] };
    }
    expect(bookedDeferred(known, booked) + book.deferred).toBe(0);
  }
  return { book, known };
}

describe('the journal', () => {
  const steps = anySchedule.chain((schedule) =>
    fc.tuple(
      fc.constant(schedule),
      fc
        .array(fc.record({ run: anyDate }), { maxLength: 8 })
        .chain((runs) =>
          fc.shuffledSubarray([...schedule.events, ...runs], { minLength: schedule.events.length + runs.length }),
        ),
    ),
  );

  it('ends at the same balances in whatever order facts and runs came, and on the last day nothing is deferred', () => {
    fc.assert(
      fc.property(steps, ([schedule, order]) => {
        const last = '2028-12-31';
        const { book, known } = play(schedule, [...order, { run: last }]);
        const { recognised, deferred, refunded, disputed } = positionUntil(schedule, addDays(last, 1));
        expect(book.deferred + deferred).toBe(0);
        expect(book).toMatchObject({ revenue: 0 - recognised, deferred: 0 });
        expect([book.refunds, book.chargebacks]).toEqual([refunded.recognised, disputed.recognised]);
        expect(isEarnedBy(known, last)).toBe(true);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('says after every run what the position says, when facts become known on their day', () => {
    fc.assert(
      fc.property(anySchedule, fc.uniqueArray(anyDate, { minLength: 1, maxLength: 12 }), (schedule, days) => {
        const steps: Step[] = [...schedule.events, ...days.map((run) => ({ run }))];
        const inTime = steps.sort((a, b) => compare(dateOf(a), dateOf(b)) || ('run' in a ? 1 : -1));
        play(schedule, inTime, (book, day) => {
          const { recognised, deferred } = positionUntil(schedule, addDays(day, 1));
          expect([book.revenue + recognised, book.deferred + deferred]).toEqual([0, 0]);
        });
      }),
      { numRuns: propertyRuns() },
    );
  });
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function dateOf(step: Step): string {
  return 'run' in step ? step.run : step.on;
}

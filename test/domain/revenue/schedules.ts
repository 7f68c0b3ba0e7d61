import * as isoCurrencies from 'dinero.js/bigint/currencies';
import fc from 'fast-check';
import { addDays } from '../../../domain/time/calendar-date.ts';
import type { RecognitionEvent, RecognitionSchedule } from '../../../domain/revenue/recognition-schedule.ts';

/** 1,200.00 EUR for 2027, 365 days, unless said otherwise. */
export function sampleSchedule(change: Partial<RecognitionSchedule> = {}): RecognitionSchedule {
  return {
    orderId: 'ord_1',
    line: '1',
    sellerId: 'seller_default',
    currency: 'EUR',
    net: 120_000,
    period: { start: '2027-01-01', end: '2028-01-01' },
    events: [],
    ...change,
  };
}

export const credit = (id: string, on: string, net: number, change: object = {}): RecognitionEvent => ({
  kind: 'credited',
  id,
  on,
  cause: 'refund',
  net,
  takes: 'in_proportion',
  ...change,
});

/** Every ISO currency: amounts of 1 up to the largest that are sold. */
export const anyCurrency = fc.constantFrom(...Object.keys(isoCurrencies).filter((code) => /^[A-Z]{3}$/.test(code)));

/** Up to 40 days before and 60 after the period, so that events fall outside it, too. */
const anyDay = fc.integer({ min: -40, max: 460 }).map((days) => addDays('2027-01-01', days));

const anyEvent = fc.oneof(
  fc.record({
    kind: fc.constant('credited' as const),
    id: fc.uuid(),
    on: anyDay,
    cause: fc.constantFrom('refund' as const, 'dispute' as const),
    net: fc.oneof(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 2_000_000 })),
    takes: fc.constantFrom('in_proportion' as const, 'unused_first' as const),
  }),
  fc.record({
    kind: fc.constant('cancelled' as const),
    id: fc.uuid(),
    on: anyDay,
    when: fc.constantFrom('now' as const, 'period_end' as const),
  }),
  fc.record({
    kind: fc.constant('plan_changed' as const),
    id: fc.uuid(),
    on: anyDay,
    net: fc.nat(500_000),
    end: anyDay,
  }),
);

/** Any schedule of up to 400 days with up to six events, in the order in which they became known. */
export const anySchedule: fc.Arbitrary<RecognitionSchedule> = fc
  .record({
    currency: anyCurrency,
    net: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 10 ** 10 })),
    days: fc.integer({ min: 1, max: 400 }),
    events: fc.uniqueArray(anyEvent, { maxLength: 6, selector: ({ id }) => id }),
  })
  .map(({ currency, net, days, events }) =>
    sampleSchedule({ currency, net, period: { start: '2027-01-01', end: addDays('2027-01-01', days) }, events }),
  );

export const anyDate = anyDay;

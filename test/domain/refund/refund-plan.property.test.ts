import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFailure } from '../../../domain/failures.ts';
import { planRefund, whatIsLeft } from '../../../domain/refund/refund-plan.ts';
import type { RefundAsk } from '../../../domain/refund/refund-plan.ts';
import type { RefundPart } from '../../../domain/refund/refund.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { orderLineOf } from './refund-plan-fixture.ts';

// Goal: whatever is asked for in whatever order, no line gives back more money or units than it was sold for, and what is
// left at the end goes back to the last cent.

const lines = fc.array(
  fc.record({ quantity: fc.integer({ min: 1, max: 9 }), gross: fc.integer({ min: 0, max: 99_999 }) }),
  {
    minLength: 1,
    maxLength: 4,
  },
);
const ask: fc.Arbitrary<RefundAsk> = fc.oneof(
  fc.record({
    kind: fc.constant('lines' as const),
    lines: fc.uniqueArray(
      fc.record({
        line: fc.integer({ min: 1, max: 4 }).map(String),
        quantity: fc.option(fc.integer({ min: 1, max: 3 })),
        amount: fc.option(fc.integer({ min: 1, max: 5_000 })),
      }),
      { minLength: 1, maxLength: 3, selector: ({ line }) => line },
    ),
  }),
  fc.record({
    kind: fc.constant('amount' as const),
    amount: fc.integer({ min: 1, max: 20_000 }),
    lines: fc.constant(null),
  }),
);

describe('a plan of refunds', () => {
  it('never takes more than there is, and everything is taken in the end', () => {
    fc.assert(
      fc.property(lines, fc.array(ask, { maxLength: 12 }), (sold, asks) => {
        const quote = { lines: sold.map((line, index) => orderLineOf(`${index + 1}`, line)) };
        const requestedLines = sold.map(({ quantity }) => ({ quantity }));
        let taken: readonly RefundPart[] = [];
        for (const one of [...asks, { kind: 'everything' } as const]) {
          try {
            taken = [...taken, ...planRefund({ quote, requestedLines, taken }, one)];
          } catch (error) {
            if (!isFailure(error)) throw error;
          }
          for (const { gross, quantity } of whatIsLeft({ quote, taken })) {
            expect(gross).toBeGreaterThanOrEqual(0);
            expect(quantity).toBeGreaterThanOrEqual(0);
          }
        }
        expect(whatIsLeft({ quote, taken }).every(({ gross }) => gross === 0)).toBe(true);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('of an amount is spread to the cent, and no line gives more than it has', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 99_999 }), (sold, amount) => {
        const quote = { lines: sold.map((line, index) => orderLineOf(`${index + 1}`, line)) };
        const whole = sold.reduce((total, { gross }) => total + gross, 0);
        fc.pre(amount <= whole);
        const parts = planRefund({ quote, requestedLines: sold, taken: [] }, { kind: 'amount', amount, lines: null });
        expect(parts.reduce((total, { gross }) => total + gross, 0)).toBe(amount);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaxBehavior } from '../../../domain/catalog/catalog.ts';
import { creditPartOfLine } from '../../../domain/invoice/credited-line.ts';
import { billedTooMuch, chargedUsage, usageAmount } from '../../../domain/usage/usage-charge.ts';
import { correctedParts } from '../../../domain/usage/usage-correction.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { usageOf, usageOrder } from './usage-orders.ts';
import { schemeOf } from './usage-schemes.ts';

// Goal: whatever is corrected, an order and its credit note come to the price of what was used. Method: random periods
// of a metered item, each billed when it ends and again corrected, up or down, before the next one is billed.

const quantity = fc.oneof(fc.constant(0), fc.nat(20), fc.nat(1_500));
const periodOf = fc.record({ scheme: schemeOf, stated: quantity, corrected: fc.option(quantity) });
type Period = typeof periodOf extends fc.Arbitrary<infer Value> ? Value : never;

const nothing = { scheme: { type: 'flat', amount: 0 }, stated: 0, corrected: null } as const;

/** What the bill at the end of a period charges of it, and of the period before where more was used than was stated. */
function billed(before: Period, own: Period): number {
  const late = { scheme: before.scheme, quantity: before.corrected ?? before.stated, billedBefore: before.stated };
  const used = [late, { scheme: own.scheme, quantity: own.stated, billedBefore: 0 }];
  const charged = chargedUsage(used.filter((one) => one.quantity !== one.billedBefore));
  expect(charged === null || charged.quantity >= 1).toBe(true);
  return charged?.amount ?? 0;
}

/** What of such a bill goes back when its period is corrected afterwards: net where tax is added, gross where it is in the price. */
function credited(amount: number, { scheme, stated, corrected }: Period, taxBehavior: TaxBehavior): number {
  const used = usageOf({ scheme, quantity: corrected ?? stated, billedBefore: stated });
  if (billedTooMuch(used) === 0) return 0;
  const order = usageOrder([{ amount, taxBehavior }]);
  const [part] = correctedParts(order, [used]);
  if (part === undefined || order.quote === null) return 0;
  const { net, gross } = creditPartOfLine(order.quote, part, []);
  return taxBehavior === 'exclusive' ? net : gross;
}

describe('invoices and credit notes of usage', () => {
  it.each(['inclusive', 'exclusive'] as const)(
    'come to the price of what was used in each period, to the cent (tax %s)',
    (taxBehavior) => {
      fc.assert(
        fc.property(fc.array(periodOf, { minLength: 1, maxLength: 6 }), (periods) => {
          const bills = [...periods, nothing].map((own, index) => billed(periods[index - 1] ?? nothing, own));
          const credits = periods.map((period, index) => credited(bills[index] ?? 0, period, taxBehavior));
          const price = ({ scheme, stated, corrected }: Period) =>
            usageAmount(scheme, { quantity: corrected ?? stated, billedBefore: 0 });
          const total = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);
          expect(total(bills) - total(credits)).toBe(total(periods.map(price)));
        }),
        { numRuns: propertyRuns(0.5) },
      );
    },
  );
});

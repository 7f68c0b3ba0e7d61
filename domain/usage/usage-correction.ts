import { allocate, applyFraction, sum } from '../money/money.ts';
import type { Order } from '../order/order.ts';
import { whatIsLeft } from '../refund/refund-plan.ts';
import type { RefundPart } from '../refund/refund.ts';
import { takenParts } from '../refund/taken-parts.ts';
import { billedTooMuch } from './usage-charge.ts';
import type { UsageToBill } from './usage-charge.ts';

/**
 * What goes back of an order that billed more usage than there was: of each line the part of its list price that is too
 * much, with the discount and the tax that it had, and never more than is left of it. Nothing of an order that was not
 * paid, or whose payment is disputed: that money is not ours to give back.
 * @param used what is known by now of the usage that the order billed
 */
export function correctedParts(
  order: Pick<Order, 'quote' | 'billing' | 'refunds' | 'timeline' | 'disputed'>,
  used: readonly UsageToBill[],
): readonly RefundPart[] {
  const { quote, timeline, disputed } = order;
  if (quote === null || disputed || !timeline.some(({ event }) => event === 'paid')) return [];
  const left = whatIsLeft({ quote, taken: takenParts(order) });
  const parts = used.flatMap((one) => {
    const lines = billedLines(order, one);
    const list = sum(lines.map((line) => line.list));
    if (list === 0) return [];
    const gross = lines.map((line) => line.gross);
    // Of a bundle, its components: each gives back its share.
    const shares = allocate(applyFraction(sum(gross), Math.min(billedTooMuch(one), list), list), gross);
    return lines.map(({ line }, index) => {
      const most = left.find((each) => each.line === line)?.gross ?? 0;
      return { line, quantity: 0, gross: Math.min(shares[index] ?? 0, most) };
    });
  });
  return parts.filter(({ gross }) => gross > 0);
}

/** The line that billed the usage of an item in a period, or the components that it was sold as. */
function billedLines({ quote, billing }: Pick<Order, 'quote' | 'billing'>, { item, period }: UsageToBill) {
  const billed = billing?.lines.find(
    (one) => one.item === item && one.start === period.start && one.end === period.end,
  );
  if (billed === undefined) return [];
  return (quote?.lines ?? []).filter(({ line }) => line === billed.line || line.startsWith(`${billed.line}.`));
}

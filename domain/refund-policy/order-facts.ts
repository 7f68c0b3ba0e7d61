import { fail } from '../failures.ts';
import type { Order, OrderLine } from '../order/order.ts';
import { rowOn } from '../tax/dated-row.ts';
import { productKindRows } from './data/product-kinds.ts';
import type { ProductKind, RefundFacts } from './refund-facts.ts';

/** What the order itself does not say about a line; the deliveries, the messages and the billed period do. */
export type LineHistory = Pick<
  RefundFacts,
  | 'ground'
  | 'requestedAt'
  | 'contractAt'
  | 'suppliedAt'
  | 'performedAt'
  | 'receivedAt'
  | 'period'
  | 'use'
  | 'confirmationSentAt'
  | 'policyShown'
  | 'informed'
> & {
  /** The customer's own IANA zone, where it is on file. */
  readonly timeZone: string | null;
};

type SoldLine = Pick<OrderLine, 'taxClass' | 'recurring' | 'delivery' | 'sellerId'>;

/** The facts of one sold line, as the policy reads them. @throws internal.unexpected when no row says what it is */
export function refundFactsOf(
  order: Pick<Order, 'customer' | 'consents'>,
  line: SoldLine,
  { timeZone, ...history }: LineHistory,
): RefundFacts {
  const { type, country, region } = order.customer;
  return {
    ...history,
    buyer: { type, country, region, timeZone },
    sellerId: line.sellerId,
    kind: productKindOf(line, history.contractAt.slice(0, 10)),
    consents: order.consents,
  };
}

/**
 * What a line is for the law of withdrawal: what comes in a parcel is goods, whatever is on it.
 * @param date of the contract, YYYY-MM-DD
 * @throws internal.unexpected
 */
export function productKindOf(
  { taxClass, recurring, delivery }: Pick<SoldLine, 'taxClass' | 'recurring' | 'delivery'>,
  date: string,
): ProductKind {
  if (delivery.some(({ method }) => method === 'parcel')) return 'goods';
  const rows = productKindRows.filter((row) => row.taxClass === taxClass);
  const row = rowOn(rows, date) ?? fail('internal.unexpected', `No row says what ${taxClass} was on ${date}`);
  return recurring === null ? row.oneOff : row.recurring;
}

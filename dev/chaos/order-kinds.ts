import type { OrderStatus } from '../../domain/order/order-status.ts';

/** What the customer, or a person of ours, does once the order waits for them. */
export type CustomerAct =
  | 'pass_3ds'
  | 'fail_3ds'
  | 'settle'
  | 'expire'
  | 'approve'
  | 'reject'
  | 'cancel_at_3ds'
  /** Right after placing it: a race with the payment that either side may win. */
  | 'cancel_at_once';

export interface OrderKind {
  readonly name: string;
  readonly weight: number;
  readonly buyer: 'DE' | 'FR' | 'US' | 'JP' | 'CH' | 'GB';
  /** Product and quantity of each line. */
  readonly lines: readonly (readonly [product: ChaosProduct, quantity: number])[];
  readonly method: 'card' | 'voucher' | 'bank_transfer';
  readonly token: string;
  readonly act: CustomerAct | null;
  /** The endings that are right for it. */
  readonly ends: readonly OrderStatus[];
}

/** `pool` runs empty and `gone` is: their late buyers get their money back. */
export type ChaosProduct = 'app' | 'keys' | 'pool' | 'gone' | 'doc' | 'saas' | 'suite';

const sold = ['completed'] as const;
const refused = ['failed'] as const;

/** Bought whenever a kill waits for an effect on a partner: the order that brings it there. */
const baits = {
  authorise: kind('licence_and_download', 12, { ends: sold }),
  capture: kind('several_licences', 6, { lines: [['keys', 3]], ends: sold }),
  mail: kind('attachment', 8, { lines: [['doc', 1]], buyer: 'GB', ends: sold }),
  account: kind('account', 8, { lines: [['saas', 1]], buyer: 'CH', ends: sold }),
  tax_id: kind('reverse_charge', 6, { lines: [['app', 2]], buyer: 'FR', ends: sold }),
  collect: kind('voucher', 6, { buyer: 'JP', method: 'voucher', token: 'tok_voucher', act: 'settle', ends: sold }),
  refund: kind('sold_out', 4, { lines: [['gone', 1]], ends: sold }),
  void: kind('cancelled_at_3ds', 3, { token: 'tok_3ds', act: 'cancel_at_3ds', ends: ['cancelled'] }),
} as const;

export type Effect = keyof typeof baits;

export const baitFor: Readonly<Record<Effect, OrderKind>> = baits;

/** Every way in which an order can go, as often as `weight` says. */
export const orderKinds: readonly [OrderKind, ...OrderKind[]] = [
  baits.authorise,
  ...Object.values(baits).slice(1),
  kind('every_method', 8, { lines: [['suite', 1], ['doc', 2]], ends: sold }), // prettier-ignore
  kind('us_sales_tax', 5, { lines: [['saas', 2]], buyer: 'US', ends: sold }),
  kind('other_acquirer', 5, { lines: [['app', 1]], buyer: 'JP', ends: sold }),
  kind('pool', 9, { lines: [['pool', 1]], ends: sold }),
  kind('pool_and_download', 6, { lines: [['app', 1], ['pool', 1]], ends: sold }), // prettier-ignore
  kind('lost_response', 8, { lines: [['app', 1]], token: 'tok_lost_ok', ends: sold }),
  kind('lost_decline', 3, { token: 'tok_lost_declined', ends: refused }),
  kind('slow_acquirer', 4, { lines: [['keys', 1]], token: 'tok_slow', ends: sold }),
  kind('technical_decline', 3, { token: 'tok_technical', ends: refused }),
  kind('no_funds', 3, { token: 'tok_funds', ends: refused }),
  kind('stolen_card', 2, { token: 'tok_stolen', ends: refused }),
  kind('passes_3ds', 7, { token: 'tok_3ds', act: 'pass_3ds', ends: sold }),
  kind('fails_3ds', 2, { token: 'tok_3ds', act: 'fail_3ds', ends: refused }),
  kind('cancelled_at_once', 4, { act: 'cancel_at_once', ends: ['completed', 'cancelled'] }),
  kind('bank_transfer', 3, { method: 'bank_transfer', token: 'tok_bank', act: 'settle', ends: sold }),
  kind('voucher_expires', 2, {
    ...{ buyer: 'JP', method: 'voucher', token: 'tok_voucher', act: 'expire' },
    ends: refused,
  }),
  kind('risky_approved', 5, { token: 'tok_risky', act: 'approve', ends: sold }),
  kind('risky_rejected', 3, { token: 'tok_risky', act: 'reject', ends: ['rejected'] }),
];

function kind(name: string, weight: number, differences: Partial<OrderKind> & Pick<OrderKind, 'ends'>): OrderKind {
  return {
    name,
    weight,
    buyer: 'DE',
    lines: [['app', 1]],
    method: 'card',
    token: 'tok_ok',
    act: null,
    ...differences,
  };
}

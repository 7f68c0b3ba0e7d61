import type { OrderId } from './ids.ts';

/**
 * Every key of an outside effect, in one place and from business ids only: never random, never a run id (a reset
 * changes it), never localised text. The same key with other input is an error at the other side, not a replay.
 */
export const idempotencyKeys = {
  charge: (orderId: OrderId, attempt: number) => `order/${orderId}/charge/${attempt}`,
  capture: (orderId: OrderId) => `order/${orderId}/capture`,
  void: (orderId: OrderId) => `order/${orderId}/void`,
  refund: (orderId: OrderId, refundId: string) => `order/${orderId}/refund/${refundId}`,
  delivery: (orderId: OrderId, line: string, method: string) => `order/${orderId}/line/${line}/${method}`,
  /** The refund of a line that can never be delivered; one per line. */
  undeliverableRefund: (line: string) => `undeliverable-${line}`,
  /** The record of a refund that an order makes by itself: of a line that cannot be delivered, of tax. */
  refundOfLine: (orderId: OrderId, line: string) => `rfd_${orderId.replace(/^ord_/, '')}-line-${line}`,
  refundOfTax: (orderId: OrderId) => `rfd_${orderId.replace(/^ord_/, '')}-tax`,
  /** The refund of the tax alone, when a business tax id was confirmed after the sale; one per order. */
  taxRefund: 'tax',
} as const;

/** Facts: what journal entries, invoices and messages are unique by. */
export const facts = {
  sale: (orderId: OrderId) => `order/${orderId}/sale`,
  refund: (orderId: OrderId, refundId: string) => `order/${orderId}/refund/${refundId}`,
  /** The bank returned the money of a refund: it is owed again. */
  refundReturned: (orderId: OrderId, refundId: string) => `order/${orderId}/refund-returned/${refundId}`,
  /** What the gateway could not give back was paid in another way. */
  refundOtherwise: (orderId: OrderId, refundId: string) => `order/${orderId}/refund-otherwise/${refundId}`,
  /** What a customer is told of a refund. */
  refundStatus: (orderId: OrderId, refundId: string, event: string) =>
    `order/${orderId}/refund-status/${refundId}/${event}`,
  /** A statement of withdrawal about an order was received. */
  withdrawal: (orderId: OrderId, withdrawalId: string) => `order/${orderId}/withdrawal/${withdrawalId}`,
  chargeback: (orderId: OrderId, disputeId: string) => `order/${orderId}/chargeback/${disputeId}`,
  recognition: (orderId: OrderId, line: string, day: string) => `order/${orderId}/line/${line}/revenue/${day}`,
  writeOff: (orderId: OrderId) => `order/${orderId}/write-off`,
  /** What was too small to be charged of a bill was waived; one per order. */
  smallBalance: (orderId: OrderId) => `order/${orderId}/small-balance`,
  gatewayPayout: (gateway: string, payoutId: string) => `gateway/${gateway}/payout/${payoutId}`,
  gatewayFee: (gateway: string, feeId: string) => `gateway/${gateway}/fee/${feeId}`,
  vendorPayout: (sellerId: string, payoutId: string) => `seller/${sellerId}/payout/${payoutId}`,
  taxRemittance: (jurisdiction: string, filing: string) => `tax/${jurisdiction}/remittance/${filing}`,
  reversal: (fact: string) => `${fact}/reversal`,
  /** What happened to a subscription, such as "period/3/renewed". */
  subscription: (subscriptionId: string, event: string) => `subscription/${subscriptionId}/${event}`,
  status: (orderId: OrderId, event: string) => `order/${orderId}/${event}`,
} as const;

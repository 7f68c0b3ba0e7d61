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
  /** The refund of the tax alone, when a business tax id was confirmed after the sale; one per order. */
  taxRefund: 'tax',
} as const;

/** Facts: what journal entries, invoices and messages are unique by. */
export const facts = {
  sale: (orderId: OrderId) => `order/${orderId}/sale`,
  refund: (orderId: OrderId, refundId: string) => `order/${orderId}/refund/${refundId}`,
  chargeback: (orderId: OrderId, disputeId: string) => `order/${orderId}/chargeback/${disputeId}`,
  recognition: (orderId: OrderId, line: string, day: string) => `order/${orderId}/line/${line}/revenue/${day}`,
  writeOff: (orderId: OrderId) => `order/${orderId}/write-off`,
  gatewayPayout: (gateway: string, payoutId: string) => `gateway/${gateway}/payout/${payoutId}`,
  gatewayFee: (gateway: string, feeId: string) => `gateway/${gateway}/fee/${feeId}`,
  vendorPayout: (sellerId: string, payoutId: string) => `seller/${sellerId}/payout/${payoutId}`,
  taxRemittance: (jurisdiction: string, filing: string) => `tax/${jurisdiction}/remittance/${filing}`,
  reversal: (fact: string) => `${fact}/reversal`,
  status: (orderId: OrderId, event: string) => `order/${orderId}/${event}`,
} as const;

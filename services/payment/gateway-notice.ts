/**
 * What a provider's webhook tells us, after its signature was checked. A notice of a payment or refund is only a hint to
 * look it up at the gateway: notices come late, twice and in any order.
 */
export type GatewayNotice =
  | { readonly kind: 'payment_changed'; readonly paymentId: string; readonly reference: string }
  | {
      readonly kind: 'refund_changed';
      readonly paymentId: string;
      readonly reference: string;
      readonly refundId: string;
    }
  | {
      readonly kind: 'dispute_changed';
      readonly disputeId: string;
      readonly paymentId: string;
      readonly reference: string;
      readonly status: 'opened' | 'won' | 'lost' | 'withdrawn';
      readonly reason: string;
      /** Minor units. */
      readonly amount: number;
      readonly currency: string;
      /** Last moment for our answer. */
      readonly dueBy: string;
    };

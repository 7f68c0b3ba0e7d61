export interface RefundMoment {
  readonly refundId: string;
  /** Business time, ISO 8601 UTC. */
  readonly at: string;
}

/** What the workflow waits for next. Times are ISO 8601 UTC. */
export type RefundWait =
  | { readonly kind: 'approved' }
  | { readonly kind: 'person'; readonly until: string; readonly people: number; readonly escalated: boolean }
  | { readonly kind: 'appeal'; readonly until: string }
  | { readonly kind: 'ended' };

/** How it stands with the money. */
export type RefundPayment =
  | { readonly kind: 'paid_back' }
  | { readonly kind: 'pending' }
  /** The gateway surely did not do it. */
  | { readonly kind: 'refused' }
  /** It was cancelled, or decided otherwise, before anything moved. */
  | { readonly kind: 'not_due' };

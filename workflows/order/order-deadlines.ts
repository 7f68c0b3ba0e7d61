const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A person decides within three days, or the order is rejected: an authorisation does not live much longer. */
export const reviewDeadlineMs = 3 * dayMs;

/** How long a delivery by a partner may take before the customer is told that it is late. */
export const deliveryPatienceMs = 20_000;

/** How long a refund is waited for before the order goes on, and until a person has to look at it. */
export const refundPatienceMs = minuteMs;
export const refundAttentionMs = 30 * dayMs;

/**
 * When to ask the gateway although no notice came; after the last the payment has lapsed and is voided. 3-D Secure
 * sessions live for an hour, vouchers and transfers for a week.
 */
export const customerPaymentChecksMs: Readonly<Record<'action_required' | 'pending', readonly number[]>> = {
  action_required: [5 * minuteMs, 10 * minuteMs, 45 * minuteMs],
  pending: [dayMs, dayMs, dayMs, dayMs, dayMs, dayMs, dayMs],
};

/** When to ask about a charge whose outcome is unknown; after the last a person has to look. */
export const unknownPaymentChecksMs: readonly number[] = [minuteMs, 5 * minuteMs, hourMs, dayMs, dayMs];

/**
 * When to try again while every gateway for the payment is away: soon, because somebody looks at the checkout, then for
 * as long as such outages last; after the last a person has to look.
 */
export const gatewayRetriesMs: readonly number[] = [
  ...[15_000, 30_000, minuteMs, 2 * minuteMs, 5 * minuteMs, 10 * minuteMs, 30 * minuteMs],
  ...[hourMs, 2 * hourMs, 4 * hourMs],
];

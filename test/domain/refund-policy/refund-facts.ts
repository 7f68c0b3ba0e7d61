import type { RefundFacts } from '../../../domain/refund-policy/refund-facts.ts';

/** A German consumer who bought a licence key on Monday, 2 November 2026, was told everything and has it. */
export function factsOf(changes: Partial<RefundFacts> = {}, buyer: Partial<RefundFacts['buyer']> = {}): RefundFacts {
  return {
    ground: 'change_of_mind',
    buyer: { type: 'consumer', country: 'DE', region: null, timeZone: null, ...buyer },
    sellerId: 'seller_default',
    kind: 'digital_content',
    requestedAt: '2026-11-05T12:00:00.000Z',
    contractAt: '2026-11-02T09:00:00.000Z',
    suppliedAt: '2026-11-02T09:00:05.000Z',
    performedAt: null,
    receivedAt: null,
    period: null,
    use: 'unknown',
    consents: { immediateDelivery: true, withdrawalWaiver: false },
    confirmationSentAt: '2026-11-02T09:00:06.000Z',
    informed: true,
    policyShown: true,
    ...changes,
  };
}

/** One minute before and after an instant. */
export function around(instant: string): readonly [before: string, after: string] {
  const at = Date.parse(instant);
  return [new Date(at - 60_000).toISOString(), new Date(at + 60_000).toISOString()];
}

import type { Subscription } from '../../domain/subscription/subscription.ts';

/** A monthly subscription that is billed by a meter, in its first period from `from` on; ISO 8601 UTC. */
export function meteredSubscription(id: string, from: string, change: Partial<Subscription> = {}): Subscription {
  const recurring = { interval: 'month', count: 1, usage: 'metered', meter: 'calls' } as const;
  return {
    id,
    revision: 1,
    status: 'active',
    customerKey: 'cus_1',
    customerId: 'cus_1',
    sourceOrder: 'ord_0000000000000001',
    items: [
      {
        id: '1',
        price: 'calls-eur',
        product: 'api',
        quantity: 1,
        usage: 'metered',
        meter: 'calls',
        recurring,
        oneOff: false,
        terms: { taxBehavior: 'exclusive', scheme: { type: 'per_unit', amount: 2 } },
      },
    ],
    currency: 'EUR',
    coupon: null,
    anchor: { at: from, timeZone: 'Europe/Berlin', alignment: 'anniversary' },
    anchorIndex: 0,
    timeZone: 'Europe/Berlin',
    period: { index: 0, start: from, end: new Date(Date.parse(from) + 30 * 86_400_000).toISOString() },
    trialEnd: null,
    cancelAt: null,
    cancellation: null,
    pause: null,
    pendingChange: null,
    dunning: null,
    payment: { method: 'card', token: 'tok_ok' },
    backupPayment: null,
    latestOrder: 'ord_0000000000000001',
    paidLines: [],
    entitlements: [],
    openBill: null,
    notices: [],
    newTerms: [],
    lastCommand: null,
    tell: null,
    nextActionAt: null,
    createdAt: from,
    startedAt: from,
    endedAt: null,
    ...change,
  };
}

import { describe, expect, it } from '@jest/globals';
import type { Recurrence } from '../../../domain/catalog/catalog.ts';
import { usageTermsOf } from '../../../domain/usage/usage-terms.ts';
import { meteredSubscription } from '../../support/metered-subscription.ts';

const from = '2027-01-01T10:00:00.000Z';
const later = '2027-03-15T00:00:00.000Z';

describe('what usage has to know of a subscription', () => {
  it('is its meters, its periods and since when usage counts', () => {
    expect(usageTermsOf(meteredSubscription('sub_1', from))).toEqual({
      subscription: 'sub_1',
      anchor: { at: from, timeZone: 'Europe/Berlin', alignment: 'anniversary' },
      interval: { interval: 'month', count: 1 },
      meters: ['calls'],
      countedFrom: from,
      pause: null,
      endedAt: null,
    });
  });

  it('is the meters of allowances as well, each once', () => {
    const [metered] = meteredSubscription('sub_1', from).items;
    const recurring: Recurrence = {
      ...{ interval: 'month', count: 1, usage: 'licensed', meter: null },
      includes: { meter: 'seats', quantity: 5 },
    };
    const plan = { id: '2', usage: 'licensed', meter: null, recurring } as const;
    const items = metered === undefined ? [] : [metered, { ...metered, ...plan }, { ...metered, id: '3' }];
    expect(usageTermsOf(meteredSubscription('sub_1', from, { items })).meters).toEqual(['calls', 'seats']);
  });

  it('counts from the sign-up through a trial, and from the anchor once that was moved', () => {
    const anchor = { at: later, timeZone: 'UTC', alignment: 'anniversary' } as const;
    expect(usageTermsOf(meteredSubscription('sub_1', from, { anchor, trialEnd: later })).countedFrom).toBe(from);
    expect(usageTermsOf(meteredSubscription('sub_1', from, { anchor })).countedFrom).toBe(later);
  });

  it('is refused where nothing recurs', () => {
    expect(() => usageTermsOf(meteredSubscription('sub_1', from, { items: [] }))).toThrow('no recurring item');
  });
});

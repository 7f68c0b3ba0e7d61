import { describe, expect, it } from '@jest/globals';
import { readSubscriptionFacts, subscriptionMessageData } from '../../../domain/message/message-facts.ts';

const described = {
  subscription: 'sub_1',
  timeZone: 'Europe/Berlin',
  interval: 'month',
  count: 3,
  amount: 5950,
  until: '2026-12-31T23:30:00.000Z',
  advice: 'funds',
  stage: 'grace',
  retryAt: null,
} as const;

describe('the facts that a message about a subscription is queued with', () => {
  it('are read back as they were, and what it does not speak of is null', () => {
    const data = subscriptionMessageData(described);
    expect(data).not.toHaveProperty('retryAt');
    expect(readSubscriptionFacts(data)).toEqual({
      ...described,
      previousAmount: null,
      credit: null,
      from: null,
      retryAt: null,
      stageUntil: null,
      ending: null,
      meter: null,
      used: null,
      limit: null,
    });
  });

  it('are none in a message about an order', () => {
    expect(readSubscriptionFacts({ line: '1' })).toBeNull();
  });

  it.each([
    [{ amount: 'much' }, 'data.amount'],
    [{ stage: 'angry' }, 'data.stage'],
    [{ interval: 'fortnight' }, 'data.interval'],
  ])('name what cannot be read: %j', (change, path) => {
    const data = { ...subscriptionMessageData(described), ...change };
    expect(() => readSubscriptionFacts(data)).toThrow(path);
  });

  it('need a time zone', () => {
    expect(() => readSubscriptionFacts({ subscription: 'sub_1' })).toThrow('data.timeZone');
  });
});

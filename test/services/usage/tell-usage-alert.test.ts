import { describe, expect, it } from '@jest/globals';
import { fail } from '../../../domain/failures.ts';
import type { SubscriptionMessage } from '../../../services/subscription/subscription-messages.ts';
import { createSubscriptionStore } from '../../../services/subscription/subscription-store.ts';
import { ensureIndexes } from '../../../services/store/collections.ts';
import { createUsageAlertTeller } from '../../../services/usage/tell-usage-alert.ts';
import { meteredSubscription } from '../../support/metered-subscription.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { january } from './usage-under-test.ts';

const db = await databaseOfThisFile();
await ensureIndexes(db);
const subscriptions = createSubscriptionStore(db);
const alert = { meter: 'calls', period: january, level: 15, quantity: 30, at: '2027-01-20T00:00:00.000Z' } as const;

function teller(store: Parameters<typeof createUsageAlertTeller>[0]['subscriptions'] = subscriptions) {
  const queued: SubscriptionMessage[] = [];
  const messages = { queue: (_: object, message: SubscriptionMessage) => Promise.resolve(void queued.push(message)) };
  return { queued, tell: createUsageAlertTeller({ subscriptions: store, messages }) };
}

describe('an alert of usage', () => {
  it('is a mail on the latest order, which the subscription notes as to be sent', async () => {
    await subscriptions.insert(meteredSubscription('sub_1', january.start, { latestOrder: 'ord_9' }));
    const { queued, tell } = teller();
    await tell({ ...alert, subscription: 'sub_1' });
    expect(queued).toEqual([
      {
        template: 'usage_alert',
        about: `usage/calls/${january.start}/15`,
        order: 'ord_9',
        says: { meter: 'calls', used: 30, limit: 15, from: january.start, until: january.end },
        at: alert.at,
      },
    ]);
    expect((await subscriptions.require('sub_1')).tell).toBe('ord_9');
  });

  it('hangs on the order that is waiting to be told of already', async () => {
    await subscriptions.insert(meteredSubscription('sub_2', january.start, { latestOrder: 'ord_9', tell: 'ord_8' }));
    const { queued, tell } = teller();
    await tell({ ...alert, subscription: 'sub_2' });
    expect(queued.map(({ order }) => order)).toEqual(['ord_8']);
    expect((await subscriptions.require('sub_2')).revision).toBe(1);
  });

  it('waits for a step that writes at the same moment, and gives up when it never ends', async () => {
    await subscriptions.insert(meteredSubscription('sub_3', january.start));
    let refusals = 2;
    const busy = () => fail('subscription.busy', 'subscription sub_3 was changed meanwhile');
    const { tell } = teller({
      ...subscriptions,
      update: (known, changes) => ((refusals -= 1) >= 0 ? busy() : subscriptions.update(known, changes)),
    });
    await tell({ ...alert, subscription: 'sub_3' });
    expect((await subscriptions.require('sub_3')).tell).not.toBeNull();
    await subscriptions.insert(meteredSubscription('sub_4', january.start));
    const never = teller({ ...subscriptions, update: () => Promise.resolve().then(busy) });
    await expect(never.tell({ ...alert, subscription: 'sub_4' })).rejects.toMatchObject({ code: 'subscription.busy' });
  });
});

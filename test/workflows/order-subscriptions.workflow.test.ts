import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { Activities } from '../../activities/index.ts';
import { orderPlays } from '../support/order-plays.ts';
import type { Journal } from '../support/journal.ts';

// Goal: an order that sells something that renews hands it over to workflows of its own when it is done, and other orders
// do not notice.

const play = await orderPlays();

const ready = {
  kind: 'ready',
  screening: 'accept',
  checkBusinessTaxId: false,
  total: '49.00 EUR',
  deliveries: [{ line: '1', method: 'license', byPartner: false }],
} as const;

const recurring = (journal: Journal, change: Partial<Activities> = {}): Partial<Activities> => ({
  prepareOrder: async () => ({ ...ready, recurring: true }),
  openSubscriptions: async ({ orderId }) => {
    journal.push('openSubscriptions');
    return [`sub_of_${orderId}`];
  },
  startSubscriptions: async ({ subscriptionIds }) => {
    journal.push(`start:${subscriptionIds.length}`);
  },
  ...change,
});

describe('an order that sells something that renews', () => {
  it('opens its subscriptions when it was fulfilled, and starts their workflows', async () => {
    const { outcome, journal } = await play((journal) => recurring(journal));
    expect(outcome).toMatchObject({ status: 'completed', reason: null });
    expect(journal.filter((entry) => entry !== 'sendMessages')).toEqual([
      ...['takePayment', 'fulfilFromStock', 'openSubscriptions', 'start:1'],
    ]);
  });

  it('is done all the same when they cannot be started: the renewal run starts what is on record', async () => {
    const { outcome } = await play((journal) =>
      recurring(journal, {
        startSubscriptions: async () => {
          throw ApplicationFailure.nonRetryable('away', 'workflow.unavailable');
        },
      }),
    );
    expect(outcome).toMatchObject({ status: 'completed', reason: null });
  });

  it('is done, and a person is told to look, when they cannot be opened', async () => {
    const { outcome } = await play((journal) =>
      recurring(journal, {
        openSubscriptions: async () => {
          throw ApplicationFailure.nonRetryable('no such price', 'catalog.price_unknown');
        },
      }),
    );
    expect(outcome).toMatchObject({ status: 'completed', reason: 'catalog.price_unknown' });
  });

  it('opens none when nothing could be delivered and the money went back', async () => {
    const { outcome, journal } = await play((journal) =>
      recurring(journal, {
        fulfilFromStock: async () => ({ completed: false, impossible: [{ line: '1', reason: 'out_of_stock' }] }),
      }),
    );
    expect(outcome).toMatchObject({ reason: 'delivery.nothing_deliverable' });
    expect(journal).not.toContain('openSubscriptions');
  });
});

describe('an order that sells nothing for longer', () => {
  it('has not one event more', async () => {
    let events: readonly string[] = [];
    await play({}, async (handle) => {
      await handle.result();
      const history = await handle.fetchHistory();
      events = (history.events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) => marker?.markerName ?? []);
    });
    expect(events.filter((name) => name !== 'core_local_activity')).toEqual([]);
  });
});

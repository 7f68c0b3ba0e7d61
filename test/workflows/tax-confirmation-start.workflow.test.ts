import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { Activities } from '../../activities/index.ts';
import { orderWorkflow } from '../../workflows/index.ts';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';
import type { OrderOutcome } from '../../workflows/order/order.contract.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { taxConfirmationWorkflowId } from '../../workflows/tax-confirmation/tax-confirmation.contract.ts';
import { orderActivities } from '../support/order-activities.ts';
import type { Journal } from '../support/journal.ts';
import { openTimeSkipping } from '../support/time-skipping.ts';
import type { TimeSkipping } from '../support/time-skipping.ts';

// Goal: an order hands the tax over to a workflow of its own, which outlives it. The test server leaves time standing
// still after a child was abandoned, so nothing here may wait after the first test.

let temporal: TimeSkipping;
let orders = 0;

beforeAll(async () => {
  temporal = await openTimeSkipping();
});
afterAll(() => temporal.close());

interface Played {
  readonly outcome: OrderOutcome;
  readonly journal: Journal;
  readonly orderId: string;
  /** Histories of the order's run, by type of event. */
  readonly events: readonly (string | number | null | undefined)[];
}

async function play(
  overrides: (journal: Journal) => Partial<Activities>,
  after: (orderId: string) => Promise<void> = async () => undefined,
): Promise<Played> {
  const journal: Journal = [];
  orders += 1;
  const orderId = `ord_start_${orders}`;
  return temporal.run(orderActivities(journal, overrides(journal)), async (taskQueue) => {
    const handle = await temporal.env.client.workflow.start(orderWorkflow, {
      taskQueue,
      workflowId: orderWorkflowId(orderId),
      args: [{ orderId }],
    });
    const outcome = await handle.result();
    const { events } = await handle.fetchHistory();
    await after(orderId);
    return { outcome, journal, orderId, events: events?.map(({ eventType }) => eventType) ?? [] };
  });
}

const business = (journal: Journal): Partial<Activities> => ({
  prepareOrder: async () => ({
    kind: 'ready',
    screening: 'accept',
    checkBusinessTaxId: true,
    total: '59.78 EUR',
    deliveries: [{ line: '1', method: 'license', byPartner: false }],
  }),
  checkBusinessTaxId: async () => 'unavailable',
  openTaxConfirmation: async ({ at }) => {
    journal.push('openTaxConfirmation');
    const askAt = [new Date(Date.parse(at) + 3_600_000).toISOString()];
    return { kind: 'due', tax: '10.78 EUR', currency: 'EUR', askAt };
  },
});

describe('an order that was charged tax because the register was away', () => {
  const confirmationOf = (orderId: string) =>
    temporal.env.client.workflow.getHandle(taxConfirmationWorkflowId(orderId));

  it('starts the confirmation when it is done, and ends without it', async () => {
    const { outcome, journal } = await play(business, async (orderId) => {
      const confirmation = confirmationOf(orderId);
      expect(await confirmation.result()).toMatchObject({ outcome: 'still_unavailable' });
      const order = await temporal.env.client.workflow.getHandle(orderWorkflowId(orderId)).describe();
      const { closeTime, typedSearchAttributes: attributes } = await confirmation.describe();
      expect(Number(closeTime) - Number(order.closeTime)).toBeGreaterThan(3_000_000);
      expect(attributes.get(searchAttributes.status)).toBe('still_unavailable');
      expect(attributes.get(searchAttributes.currency)).toBe('EUR');
    });
    expect(outcome).toMatchObject({ status: 'completed', reason: null });
    // Once to see whether there is anything to wait for, once by the confirmation itself.
    expect(journal.filter((entry) => entry === 'openTaxConfirmation')).toHaveLength(2);
    expect(journal.indexOf('openTaxConfirmation')).toBeGreaterThan(journal.indexOf('fulfilFromStock'));
  });

  it('starts nothing when no tax hangs on the id', async () => {
    const { outcome } = await play(
      (journal) => ({ ...business(journal), openTaxConfirmation: async () => ({ kind: 'nothing_at_stake' }) }),
      async (orderId) => {
        await expect(confirmationOf(orderId).describe()).rejects.toThrow();
      },
    );
    expect(outcome).toMatchObject({ status: 'completed' });
  });

  it('is done all the same when it cannot be seen what hangs on the id, and a person is told to look', async () => {
    const { outcome } = await play((journal) => ({
      ...business(journal),
      openTaxConfirmation: async () => {
        throw ApplicationFailure.nonRetryable('no schedule', 'tax.data_missing');
      },
    }));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'tax.data_missing' });
  });

  it('costs other orders nothing: not one step more', async () => {
    const { journal, events } = await play(() => ({}));
    expect(journal).toEqual(['prepareOrder', 'takePayment', 'fulfilFromStock', 'sendMessages']);
    expect(events.length).toBeLessThanOrEqual(30);
  });
});

import { afterAll } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import type { Activities } from '../../activities/index.ts';
import { orderWorkflow } from '../../workflows/index.ts';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';
import type { OrderOutcome } from '../../workflows/order/order.contract.ts';
import { orderActivities } from './order-activities.ts';
import type { Journal } from './journal.ts';
import { refundsEnd } from './refund-steps.ts';
import { openTimeSkipping } from './time-skipping.ts';

export type OrderHandle = WorkflowHandle<typeof orderWorkflow>;

/**
 * Plays orders on a time-skipping server of the test file, awaited at its top and closed after its last test. A play
 * starts one order with the answers that the test chose (`overrides`, which may write to the journal), lets the test
 * act while it runs (`during`), and waits for its end.
 */
export async function orderPlays() {
  const temporal = await openTimeSkipping();
  afterAll(() => temporal.close());
  let orders = 0;

  return async (
    overrides: Partial<Activities> | ((journal: Journal) => Partial<Activities>),
    during: (handle: OrderHandle, journal: Journal) => Promise<void> = () => Promise.resolve(),
  ): Promise<{ readonly outcome: OrderOutcome; readonly journal: Journal }> => {
    const journal: Journal = [];
    orders += 1;
    const orderId = `ord_${orders}`;
    const chosen = typeof overrides === 'function' ? overrides(journal) : overrides;
    const { ended, refunds } = await temporal.run(orderActivities(journal, chosen), async (taskQueue) => {
      const handle = await temporal.env.client.workflow.start(orderWorkflow, {
        taskQueue,
        workflowId: orderWorkflowId(orderId),
        args: [{ orderId }],
      });
      await during(handle, journal);
      const ended = await handle.result();
      return { ended, refunds: await refundsEnd(temporal.env.client, orderId, journal) };
    });
    if (refunds) await temporal.renew();
    return { outcome: ended, journal };
  };
}

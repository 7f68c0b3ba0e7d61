import { partner } from '../activity-profiles.ts';

/**
 * Starts what was recorded and not started: intake writes the record first, so a crash between the two leaves an order
 * without a workflow. Run by a Temporal Schedule every half minute.
 */
export async function orderSweepWorkflow(): Promise<{ readonly started: number }> {
  return partner.startRecordedOrders({ now: new Date().toISOString() });
}

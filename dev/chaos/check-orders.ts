import type { OrderTruth, World } from './snapshot.ts';
import { complaints } from './violation.ts';
import type { Violation } from './violation.ts';

/** Sold: its money is ours, as far as it was not given back. */
export function isSold({ view }: OrderTruth): boolean {
  return view.status === 'completed';
}

/** Every order ended, as its kind may; no workflow failed, stuck or was lost. */
export function checkOrders(world: World): Violation[] {
  const found: Violation[] = [];
  const complain = complaints('every order ends as it may', found);
  for (const { placed, view, workflow } of world.orders) {
    const look = `Temporal UI: order/${view.id}`;
    const { kind } = placed.plan;
    if (!kind.ends.includes(view.status)) {
      const reason = view.statusReason === null ? '' : ` (${view.statusReason})`;
      complain(view.id, `${kind.name} ended ${view.status}${reason}, not ${kind.ends.join(' or ')}`, look);
    }
    if (workflow.status !== 'COMPLETED') complain(view.id, `its workflow is ${workflow.status}`, look);
    else if (workflow.outcome?.status !== view.status)
      complain(view.id, `the workflow says ${workflow.outcome?.status}, the record ${view.status}`, look);
    for (const failure of workflow.taskFailures) complain(view.id, `a workflow task failed: ${failure}`, look);
    const refundedLines = view.refunds.flatMap(({ lines }) => lines);
    if (!sameMembers(workflow.outcome?.refundedLines ?? [], refundedLines))
      complain(view.id, 'workflow and record disagree on the refunded lines', look);
    const events = view.timeline.map(({ event }) => event);
    if (new Set(events).size < events.length) complain(view.id, `an event happened twice: ${events.join(', ')}`, look);
  }
  const placed = world.orders.length;
  if (new Set(world.orders.map(({ view }) => view.id)).size !== placed)
    complain(null, 'two orders have one id', 'MongoDB: orders');
  if (world.recordedOrders !== placed)
    complain(null, `${placed} orders were placed and ${world.recordedOrders} are recorded`, 'MongoDB: orders');
  if (world.openWorkflows > 0) complain(null, `${world.openWorkflows} workflows are still open`, 'Temporal UI');
  return found;
}

export function sameMembers(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}

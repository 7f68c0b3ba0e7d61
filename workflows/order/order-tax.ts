import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { isCancellation, log, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { partner, store } from '../activity-profiles.ts';
import { failureCodeOf, isStoreFailure } from '../failures.ts';
import { searchAttributes } from '../search-attributes.ts';
import { priorities } from '../task-queues.ts';
import {
  taxConfirmationWorkflowId,
  taxConfirmationWorkflowType,
} from '../tax-confirmation/tax-confirmation.contract.ts';
import type { TaxConfirmationInput } from '../tax-confirmation/tax-confirmation.contract.ts';
import { now, show } from './order-run.ts';
import type { OrderRun } from './order-run.ts';

/** A business tax id is asked about once; whatever the register says, there is a rule for it. */
export async function settleTax(run: OrderRun): Promise<void> {
  const { orderId } = run;
  const businessTaxIdStatus = await partner.checkBusinessTaxId({ orderId, at: now() }).catch((error: unknown) => {
    if (isCancellation(error)) throw error;
    return 'unavailable' as const;
  });
  run.registerAway = businessTaxIdStatus === 'unavailable';
  run.total = await store.settleOrderTax({ orderId, businessTaxIdStatus, at: now() });
  show(run, 'tax_settled', businessTaxIdStatus);
}

/** Tax was charged because the register did not answer: a workflow of its own asks it again and gives the tax back. */
export async function startTaxConfirmation(run: OrderRun): Promise<void> {
  const { orderId } = run;
  try {
    const plan = await store.openTaxConfirmation({ orderId, at: now() });
    if (plan.kind === 'nothing_at_stake') return;
    await startChild(taxConfirmationWorkflowType, {
      workflowId: taxConfirmationWorkflowId(orderId),
      args: [{ orderId } satisfies TaxConfirmationInput],
      // The order is done; what is left of it waits for weeks.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      priority: { priorityKey: priorities.refundsAndDelivery },
      staticSummary: `Tax of ${plan.tax} waits for a register of business tax ids`,
      staticDetails: `The record: \`GET /v1/orders/${orderId}\``,
      typedSearchAttributes: [
        { key: searchAttributes.status, value: 'awaiting_register' },
        { key: searchAttributes.currency, value: plan.currency },
      ],
    });
    show(run, 'tax_confirmation_started', plan.tax);
  } catch (error) {
    // Started by an earlier run of this order, for example before a reset.
    if (error instanceof WorkflowExecutionAlreadyStartedError) return;
    if (!isStoreFailure(error)) throw error;
    // The order itself is done: the tax is for a person to look at.
    run.attention = failureCodeOf(error);
    log.warn('the tax confirmation was not started', { orderId, reason: run.attention });
  }
}

import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { priorities, taskQueues } from '../task-queues.ts';
import { taxReturnWorkflowId, taxReturnWorkflowType } from './tax-filing.contract.ts';
import type { TaxReturnInput } from './tax-filing.contract.ts';

/** Starts the workflow of a return, for the nightly run; while one runs, starting again changes nothing. */
export async function startTaxReturn(temporal: Client, input: TaxReturnInput): Promise<void> {
  try {
    await temporal.workflow.start(taxReturnWorkflowType, taxReturnStart(input));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** What the start tells Temporal: a scheme and a period. */
export function taxReturnStart(input: TaxReturnInput) {
  return {
    taskQueue: taskQueues.books,
    workflowId: taxReturnWorkflowId(input),
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [input],
    priority: { priorityKey: priorities.bulk },
    staticSummary: `Return ${input.scheme} ${input.period}`,
    staticDetails: `The return: \`GET /v1/tax-reports/${input.scheme}/${input.period}\``,
  } as const;
}

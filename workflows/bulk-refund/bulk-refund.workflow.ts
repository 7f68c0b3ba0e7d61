import {
  condition,
  continueAsNew,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { BulkRefundStep } from '../../services/bulk-refund/bulk-refund-service.ts';
import { partner } from '../activity-profiles.ts';
import { failureCodeOf, isActivityFailure } from '../failures.ts';
import { searchAttributes } from '../search-attributes.ts';
import { bulkRefundMovedSignal, bulkRefundStateQuery } from './bulk-refund.contract.ts';
import type { BulkRefundInput, BulkRefundOutcome, BulkRefundState } from './bulk-refund.contract.ts';

/** Between two looks at refunds that are on their way: soon, then less and less often while nothing moves. */
const firstLookMs = 1_000;
const laterLookMs = 60_000;
/** After a step that gave up; a day of them, and a person has to look. */
const restMs = 900_000;
const mostFailures = 96;
/** Well before the server's own suggestion: replays stay short. */
const longHistory = 2_000;

interface BulkRefundRun {
  readonly bulkRefundId: string;
  state: BulkRefundState;
  moved: boolean;
  /** Looks in a row at which nothing had moved. */
  idle: number;
  failures: number;
}

/**
 * Many refunds as one job: look at the orders → wait until a person confirms → start refunds, so many at a time → end
 * when every order was dealt with. The record decides what is next, this only goes on and waits; each refund is a
 * workflow of its own.
 */
export async function bulkRefundWorkflow(input: BulkRefundInput): Promise<BulkRefundOutcome> {
  const run = begin(input);
  for (;;) {
    run.moved = false;
    const step = await takeStep(run);
    if (step?.next.kind === 'ended') return { bulkRefundId: run.bulkRefundId, outcome: step.status };
    if (run.failures > mostFailures) return { bulkRefundId: run.bulkRefundId, outcome: 'needs_attention' };
    await rest(run, step);
    const { continueAsNewSuggested, historyLength, targetWorkerDeploymentVersionChanged } = workflowInfo();
    if (continueAsNewSuggested || historyLength > longHistory || targetWorkerDeploymentVersionChanged === true)
      await continueAsNew<typeof bulkRefundWorkflow>(input);
  }
}

function begin({ bulkRefundId }: BulkRefundInput): BulkRefundRun {
  const run: BulkRefundRun = {
    bulkRefundId,
    state: { status: null, counts: null, reason: null },
    ...{ moved: false, idle: 0, failures: 0 },
  };
  // Bound before the first await.
  setHandler(bulkRefundStateQuery, () => run.state);
  setHandler(bulkRefundMovedSignal, () => {
    run.moved = true;
  });
  return run;
}

/** null: it gave up, and is tried again after a rest. */
async function takeStep(run: BulkRefundRun): Promise<BulkRefundStep | null> {
  const { bulkRefundId, state } = run;
  try {
    const summary = state.status ?? 'look at the record';
    const at = new Date().toISOString();
    const step = await partner.advanceBulkRefund.executeWithOptions({ summary }, [{ bulkRefundId, at }]);
    run.failures = 0;
    run.state = { status: step.status, counts: step.counts, reason: null };
    show(run, state.status === step.status ? null : step.status);
    return step;
  } catch (error) {
    if (!isActivityFailure(error)) throw error;
    run.failures += 1;
    run.state = { ...state, reason: failureCodeOf(error) };
    log.warn('a step of a bulk refund gave up', { bulkRefundId, code: run.state.reason });
    show(run, 'needs_attention');
    return null;
  }
}

async function rest(run: BulkRefundRun, step: BulkRefundStep | null): Promise<void> {
  if (step?.next.kind === 'go_on') {
    run.idle = 0;
    return;
  }
  run.idle += 1;
  const until = step?.next.kind === 'wait' ? step.next.until : null;
  await condition(() => run.moved, step === null ? restMs : waitMs(run, until), {
    summary: step?.status ?? 'then try again',
  });
  if (run.moved) run.idle = 0;
}

function waitMs({ idle }: BulkRefundRun, until: string | null): number {
  if (until !== null) return Math.max(1, Date.parse(until) - Date.now());
  return Math.min(laterLookMs, firstLookMs * 2 ** Math.min(idle - 1, 10));
}

/** The details are read by query and cost no history; a status is written only when it is another. */
function show({ state }: BulkRefundRun, status: string | null): void {
  const counts = Object.entries(state.counts ?? {}).filter(([, orders]) => orders > 0);
  setCurrentDetails(
    [
      `**${state.status ?? 'not read yet'}** ${state.reason ?? ''}`,
      ...counts.map(([name, orders]) => `- ${name}: ${orders}`),
    ].join('\n'),
  );
  if (status !== null) upsertSearchAttributes([{ key: searchAttributes.status, value: status }]);
}

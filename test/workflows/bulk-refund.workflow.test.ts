import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { Activities } from '../../activities/index.ts';
import type { BulkRefundStep } from '../../services/bulk-refund/bulk-refund-service.ts';
import { bulkRefundWorkflow } from '../../workflows/index.ts';
import {
  bulkRefundMovedSignal,
  bulkRefundStateQuery,
  bulkRefundWorkflowId,
} from '../../workflows/bulk-refund/bulk-refund.contract.ts';
import type { BulkRefundOutcome } from '../../workflows/bulk-refund/bulk-refund.contract.ts';
import { openTimeSkipping } from '../support/time-skipping.ts';
import type { TimeSkipping } from '../support/time-skipping.ts';

// Goal: it goes on while there is something to do, waits no longer and no shorter than it is told, hears people, and bears
// steps that fail. Method: the real bundle on the time-skipping server; the record's answers are the test's.

let temporal: TimeSkipping;
let jobs = 0;

beforeAll(async () => {
  temporal = await openTimeSkipping();
});
afterAll(() => temporal.close());

const counts = { planned: 0, refused: 0, started: 0, with_gateway: 0, needs_person: 0, succeeded: 0, failed: 0 };
const running = (next: BulkRefundStep['next'], succeeded = 0): BulkRefundStep => ({
  ...{ status: 'running', next },
  counts: { ...counts, succeeded },
});
const ended: BulkRefundStep = { status: 'completed', counts: { ...counts, succeeded: 7 }, next: { kind: 'ended' } };
const goOn = running({ kind: 'go_on' });
const soon = running({ kind: 'wait', until: null });

type Handle = WorkflowHandleWithFirstExecutionRunId<typeof bulkRefundWorkflow>;

async function play(
  answer: (step: number, at: string) => BulkRefundStep,
  during: (handle: Handle) => Promise<void> = async () => undefined,
): Promise<{ outcome: BulkRefundOutcome; asked: readonly string[]; handle: Handle }> {
  const asked: string[] = [];
  const advanceBulkRefund: Activities['advanceBulkRefund'] = async ({ at }) => {
    asked.push(at);
    return answer(asked.length, at);
  };
  jobs += 1;
  const bulkRefundId = `blk_${jobs}`;
  return temporal.run({ advanceBulkRefund }, async (taskQueue) => {
    const handle = await temporal.env.client.workflow.start(bulkRefundWorkflow, {
      taskQueue,
      workflowId: bulkRefundWorkflowId(bulkRefundId),
      args: [{ bulkRefundId }],
    });
    await during(handle);
    return { outcome: await handle.result(), asked, handle };
  });
}

const secondsBetween = (asked: readonly string[]): number[] =>
  asked.slice(1).map((at, index) => Math.round((Date.parse(at) - Date.parse(asked[index] ?? at)) / 1000));

describe('a bulk refund', () => {
  it('goes on at once while there is something to do, and ends with its record', async () => {
    const { outcome, asked } = await play((step) => (step < 4 ? goOn : ended));
    expect(outcome).toEqual({ bulkRefundId: `blk_${jobs}`, outcome: 'completed' });
    expect(asked).toHaveLength(4);
    expect(Math.max(...secondsBetween(asked))).toBeLessThanOrEqual(1);
  });

  it('looks at refunds on their way soon, then less and less often, and soon again when something moved', async () => {
    const { asked } = await play((step) => (step > 12 ? ended : step === 9 ? goOn : soon));
    expect(secondsBetween(asked)).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 0, 1, 2, 4]);
  });

  it('waits for a person as long as the record says, and then asks the record', async () => {
    const { asked, outcome } = await play((step, at) => {
      if (step > 1) return { ...ended, status: 'expired' };
      const until = new Date(Date.parse(at) + 7 * 86_400_000).toISOString();
      return { status: 'awaiting_confirmation', counts, next: { kind: 'wait', until } };
    });
    expect(outcome.outcome).toBe('expired');
    expect(secondsBetween(asked)).toEqual([7 * 86_400]);
  });

  it('hears a person at once, and shows where it stands', async () => {
    let isConfirmed = false;
    const { asked } = await play(
      (_, at) => {
        if (isConfirmed) return ended;
        const until = new Date(Date.parse(at) + 7 * 86_400_000).toISOString();
        return { status: 'awaiting_confirmation', counts: { ...counts, planned: 7 }, next: { kind: 'wait', until } };
      },
      async (handle) => {
        let state = await handle.query(bulkRefundStateQuery);
        while (state.status === null) state = await handle.query(bulkRefundStateQuery);
        expect(state).toMatchObject({ status: 'awaiting_confirmation', counts: { planned: 7 }, reason: null });
        isConfirmed = true;
        await handle.signal(bulkRefundMovedSignal);
      },
    );
    expect(asked).toHaveLength(2);
    expect(secondsBetween(asked)[0]).toBeLessThan(60);
  });

  it('tries again after a step that gave up', async () => {
    const { outcome, asked } = await play((step) => {
      if (step <= 2) throw ApplicationFailure.nonRetryable('broken', 'internal.unexpected');
      return ended;
    });
    expect(outcome.outcome).toBe('completed');
    expect(secondsBetween(asked)).toEqual([900, 900]);
  });

  it('leaves it to a person when its steps give up for a day', async () => {
    const { outcome } = await play(() => {
      throw ApplicationFailure.nonRetryable('broken', 'internal.unexpected');
    });
    expect(outcome.outcome).toBe('needs_attention');
  });

  it('begins a new run before its history grows long, and loses nothing', async () => {
    const { outcome, asked, handle } = await play((step) => (step < 400 ? goOn : ended));
    expect(outcome.outcome).toBe('completed');
    expect(asked).toHaveLength(400);
    const first = await temporal.env.client.workflow
      .getHandle(handle.workflowId, handle.firstExecutionRunId)
      .fetchHistory();
    expect(first.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes).toBeTruthy();
  });
});

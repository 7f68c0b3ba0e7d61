import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { Activities } from '../../activities/index.ts';
import type { RenewalRun, RenewalTally } from '../../services/renewal-run/renewal-run-store.ts';
import { renewalRunWorkflow } from '../../workflows/index.ts';
import { guardPagesPerRun } from '../../workflows/renewal-run/renewal-run.contract.ts';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import { openTimeSkipping } from '../support/time-skipping.ts';
import type { TimeSkipping } from '../support/time-skipping.ts';

// Goal: a run looks at every page with one business time, whatever their number, and reports what they add up to.

let temporal: TimeSkipping;
let runs = 0;

beforeAll(async () => {
  temporal = await openTimeSkipping();
});
afterAll(() => temporal.close());

type Guard = Activities['guardSubscriptions'];

const tally = (change: Partial<RenewalTally> = {}): RenewalTally => ({
  ...{ due: 10, late: 0, started: 0, nudged: 0, replaced: 0 },
  ...{ redelivered: 1, unreachable: 0, examples: [] },
  ...change,
});

const report = (at: string, counted: RenewalTally): RenewalRun => ({
  ...{ _id: at, from: at, to: at, endedAt: at, tally: counted },
  mended: counted.started + counted.nudged + counted.replaced,
  figures: { renewed: 1, failed: 0, amounts: { EUR: 500 }, uncollected: {} },
  forecast: { day: at.slice(0, 10), subscriptions: 0, amounts: {} },
});

async function run(guardSubscriptions: Guard) {
  runs += 1;
  const workflowId = `renewal-run-${runs}`;
  const activities: Partial<Activities> = {
    guardSubscriptions,
    reportRenewalRun: async ({ at, tally: counted }) => report(at, counted),
  };
  return temporal.run(activities, async (taskQueue) => {
    const handle = await temporal.env.client.workflow.start(renewalRunWorkflow, { taskQueue, workflowId });
    const result = await handle.result();
    const { typedSearchAttributes: shown } = await temporal.env.client.workflow.getHandle(workflowId).describe();
    return { result, status: shown.get(searchAttributes.status) };
  });
}

describe('a renewal run', () => {
  it('adds up its pages, over as many runs of its workflow as they need, with one business time', async () => {
    const asked: Parameters<Guard>[0][] = [];
    const pages = guardPagesPerRun * 2 + 3;
    const { result, status } = await run(async (request) => {
      asked.push(request);
      const next = asked.length < pages ? { nextActionAt: request.at, id: `sub_${asked.length}` } : null;
      return { tally: tally(), next };
    });
    expect(result.tally).toEqual(tally({ due: pages * 10, redelivered: pages }));
    expect(new Set(asked.map(({ at, horizon }) => `${at} ${horizon}`)).size).toBe(1);
    expect(Date.parse(asked[0]?.horizon ?? '') - Date.parse(asked[0]?.at ?? '')).toBe(60 * 60_000);
    expect(asked.map(({ after }) => after?.id ?? null).slice(0, 3)).toEqual([null, 'sub_1', 'sub_2']);
    expect(status).toBeUndefined();
  });

  it('is found by operators when something had to be mended', async () => {
    const examples = [{ subscription: 'sub_1', dueAt: '2027-03-01T10:00:00.000Z', remedy: 'start' }];
    const { result, status } = await run(async () => ({ tally: tally({ started: 1, examples }), next: null }));
    expect(result.mended).toBe(1);
    expect(status).toBe('needs_attention');
  });

  it('asks again for a page that could not be read', async () => {
    let calls = 0;
    const { result } = await run(async () => {
      calls += 1;
      if (calls < 3) throw ApplicationFailure.retryable('away', 'store.unavailable');
      return { tally: tally(), next: null };
    });
    expect(result.tally.due).toBe(10);
  });
});

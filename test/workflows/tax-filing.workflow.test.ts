import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { Activities } from '../../activities/index.ts';
import { taxFilingWorkflow, taxReturnWorkflow } from '../../workflows/index.ts';
import { markReturnFiledUpdate } from '../../workflows/tax-filing/tax-filing.contract.ts';
import type { TaxReturnInput } from '../../workflows/tax-filing/tax-filing.contract.ts';
import { openTimeSkipping } from '../support/time-skipping.ts';
import type { TimeSkipping } from '../support/time-skipping.ts';

const day = 86_400_000;
let temporal: TimeSkipping;

beforeAll(async () => {
  temporal = await openTimeSkipping();
});
afterAll(() => temporal.close());

const after = (now: number, days: number): string => new Date(now + days * day).toISOString();

/** A return that ended now: due in 30 days. */
function awaitedReturn(now: number, period = '2026-Q4'): TaxReturnInput {
  return {
    scheme: 'oss',
    period,
    reminders: [
      { kind: 'due_in_14_days', at: after(now, 16) },
      { kind: 'due_in_7_days', at: after(now, 23) },
      { kind: 'due_in_2_days', at: after(now, 28) },
      { kind: 'overdue', at: after(now, 31) },
      { kind: 'overdue_for_10_days', at: after(now, 40) },
    ],
    givenUpAt: after(now, 61),
  };
}

function filingActivities(journal: string[], overrides: Partial<Activities> = {}): Partial<Activities> {
  const noted = (entry: string): void => void journal.push(entry);
  return {
    openFilingPeriods: async () => ({ toClose: [], awaited: [] }),
    closeFilingPeriod: async ({ scheme, period }) => {
      noted(`close:${scheme}/${period}`);
      return { kind: 'closed' };
    },
    markReturnFiled: async ({ reference }) => noted(`filed:${reference}`),
    remindOfFiling: async ({ kind }) => noted(`remind:${kind}`),
    ...overrides,
  };
}

const filing = { reference: 'OSS-4711', by: 'ops_1' };

describe('the return of a period', () => {
  async function play(
    during: (handle: WorkflowHandle<typeof taxReturnWorkflow>) => Promise<void>,
    overrides: Partial<Activities> = {},
  ) {
    const journal: string[] = [];
    return temporal.run(filingActivities(journal, overrides), async (taskQueue) => {
      const handle = await temporal.env.client.workflow.start(taxReturnWorkflow, {
        taskQueue,
        workflowId: `tax-return/${randomUUID()}`,
        args: [awaitedReturn(await temporal.env.currentTimeMs())],
      });
      await during(handle);
      return { outcome: await handle.result(), journal };
    });
  }
  const nothing = () => Promise.resolve();
  const key = { scheme: 'oss', period: '2026-Q4' } as const;

  it('ends filed, without a reminder, when it is filed in time', async () => {
    const { outcome, journal } = await play(async (handle) => {
      expect(await handle.executeUpdate(markReturnFiledUpdate, { args: [filing] })).toEqual({ status: 'filed' });
    });
    expect(outcome).toEqual({ ...key, outcome: 'filed', overdue: false });
    expect(journal).toEqual(['filed:OSS-4711']);
  });

  it('reminds before it is due, and stops when it is filed', async () => {
    const { outcome, journal } = await play(async (handle) => {
      await temporal.env.sleep(24 * day);
      await handle.executeUpdate(markReturnFiledUpdate, { args: [filing] });
    });
    expect(outcome).toEqual({ ...key, outcome: 'filed', overdue: false });
    expect(journal).toEqual(['remind:due_in_14_days', 'remind:due_in_7_days', 'filed:OSS-4711']);
  });

  it('can be filed when it is overdue', async () => {
    const { outcome, journal } = await play(async (handle) => {
      await temporal.env.sleep(35 * day);
      await handle.executeUpdate(markReturnFiledUpdate, { args: [filing] });
    });
    expect(outcome).toEqual({ ...key, outcome: 'filed', overdue: true });
    expect(journal).toHaveLength(5);
  });

  it('ends not filed when nobody files it', async () => {
    const { outcome, journal } = await play(nothing);
    expect(outcome).toEqual({ ...key, outcome: 'not_filed', overdue: true });
    expect(journal).toEqual([
      'remind:due_in_14_days',
      'remind:due_in_7_days',
      'remind:due_in_2_days',
      'remind:overdue',
      'remind:overdue_for_10_days',
    ]);
  });

  it('refuses a filing while the return is open, and goes on waiting', async () => {
    const markReturnFiled = () =>
      Promise.reject(ApplicationFailure.create({ type: 'tax_report.not_closed', nonRetryable: true, message: 'open' }));
    const { outcome } = await play(
      async (handle) => {
        const filed = handle.executeUpdate(markReturnFiledUpdate, { args: [filing] });
        await expect(filed).rejects.toMatchObject({ cause: { cause: { type: 'tax_report.not_closed' } } });
      },
      { markReturnFiled },
    );
    expect(outcome.outcome).toBe('not_filed');
  });

  it.each([
    { ...filing, reference: ' ' },
    { ...filing, by: '' },
    { ...filing, reference: 'x'.repeat(101) },
  ])('refuses a filing that says nothing: %j', async (wrong) => {
    const { journal } = await play(async (handle) => {
      const filed = handle.executeUpdate(markReturnFiledUpdate, { args: [wrong] });
      await expect(filed).rejects.toMatchObject({ cause: { type: 'request.invalid' } });
    });
    expect(journal.filter((entry) => entry.startsWith('filed'))).toEqual([]);
  });

  it('started only to be marked as filed, long after, takes it and ends', async () => {
    const journal: string[] = [];
    const outcome = await temporal.run(filingActivities(journal), async (taskQueue) => {
      const handle = await temporal.env.client.workflow.start(taxReturnWorkflow, {
        taskQueue,
        workflowId: `tax-return/${randomUUID()}`,
        args: [{ ...key, reminders: [], givenUpAt: after(await temporal.env.currentTimeMs(), 1) }],
      });
      await handle.executeUpdate(markReturnFiledUpdate, { args: [filing] });
      return handle.result();
    });
    expect(outcome).toEqual({ ...key, outcome: 'filed', overdue: false });
  });
});

describe('the nightly filing run', () => {
  const run = (journal: string[], overrides: Partial<Activities>) =>
    temporal.run(filingActivities(journal, overrides), (taskQueue) =>
      temporal.env.client.workflow.execute(taxFilingWorkflow, {
        taskQueue,
        workflowId: `tax-filing-${randomUUID()}`,
        args: [],
      }),
    );
  const us = { scheme: 'us', period: '2026-11' } as const;
  const oss = { scheme: 'oss', period: '2026-Q4' } as const;

  it('closes what has ended and says what waits for rates', async () => {
    const outcome = await run([], {
      openFilingPeriods: async () => ({ toClose: [us, oss], awaited: [] }),
      closeFilingPeriod: async ({ scheme }) =>
        scheme === 'us' ? { kind: 'closed' } : { kind: 'rates_missing', currencies: ['USD'] },
    });
    expect(outcome).toEqual({ closed: [us], waitingForRates: [oss], failed: [] });
  });

  it('closes the others when one cannot be closed', async () => {
    const outcome = await run([], {
      openFilingPeriods: async () => ({ toClose: [us, oss], awaited: [] }),
      closeFilingPeriod: async ({ scheme }) => {
        if (scheme === 'oss') return { kind: 'closed' };
        throw ApplicationFailure.create({ type: 'tax_report.altered', nonRetryable: true, message: 'altered' });
      },
    });
    expect(outcome).toEqual({ closed: [oss], waitingForRates: [], failed: [us] });
  });

  it('sees to it that every awaited return has its workflow', async () => {
    const input = awaitedReturn(await temporal.env.currentTimeMs());
    const started: TaxReturnInput[] = [];
    await run([], {
      openFilingPeriods: async () => ({ toClose: [], awaited: [input] }),
      startTaxReturns: async ({ returns }) => void started.push(...returns),
    });
    expect(started).toEqual([input]);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRevenueActivities } from '../../activities/revenue.activities.ts';
import type { Activities } from '../../activities/index.ts';
import { fail } from '../../domain/failures.ts';
import { nextMonthStart } from '../../domain/time/calendar-date.ts';
import { localDate } from '../../domain/time/local-date.ts';
import { revenueRecognitionWorkflow } from '../../workflows/index.ts';
import { pagesPerRun, problemsShown } from '../../workflows/revenue-recognition/revenue-recognition.contract.ts';
import type { RevenueRecognitionReport } from '../../workflows/revenue-recognition/revenue-recognition.contract.ts';
import { crashingAt } from '../support/mortal-db.ts';
import { monthly, openRevenue, subscriptionQuote } from '../services/revenue/revenue-fixture.ts';
import type { RevenueUnderTest } from '../services/revenue/revenue-fixture.ts';
import { openTestDatabase } from '../support/mongo.ts';
import { openTimeSkipping } from '../support/time-skipping.ts';
import type { TimeSkipping } from '../support/time-skipping.ts';

// Goal: a year of nightly runs ends right to the cent, whatever nights were missed and wherever a worker died. Method: the
// real workflow, activities and services on a real database, on the time-skipping server.

const dayMs = 86_400_000;
const zone = 'Europe/Dublin';

let temporal: TimeSkipping;
let server: Awaited<ReturnType<typeof openTestDatabase>>;
let revenue: RevenueUnderTest;
let runs = 0;

beforeAll(async () => {
  [temporal, server] = await Promise.all([openTimeSkipping(), openTestDatabase()]);
});
afterAll(async () => {
  await temporal.close();
  await server.close();
});
beforeEach(() => {
  revenue = openRevenue(server.db);
});

async function start(taskQueue: string) {
  runs += 1;
  const workflowId = `revenue-recognition-${runs}`;
  const handle = await temporal.env.client.workflow.start(revenueRecognitionWorkflow, { taskQueue, workflowId });
  return { handle, report: await handle.result() };
}

const instant = async (): Promise<string> => new Date(await temporal.env.currentTimeMs()).toISOString();

type Page = Awaited<ReturnType<Activities['postEarnedRevenue']>>;
const page = (change: Partial<Page>): Page => ({
  day: '2027-01-31',
  posted: 0,
  recognised: {},
  problems: [],
  next: null,
  ...change,
});

describe('a year of nights', () => {
  /** Nights on which no worker ran: a week over the end of a month, and half a month. */
  const missed = (night: number): boolean => (night > 80 && night <= 87) || (night > 200 && night <= 215);

  it('earns every schedule to the cent, through missed nights and dying workers', async () => {
    let work = revenue.run;
    const activities = createRevenueActivities({ recognition: { postPage: (request) => work.postPage(request) } });
    await temporal.run(activities, async (taskQueue) => {
      const soldAt = await instant();
      const year = await revenue.sell('ord_year', subscriptionQuote([120_000, 99]), soldAt);
      await revenue.sell('ord_month', subscriptionQuote([3100], { recurring: monthly }), soldAt);
      await revenue.sell('ord_yen', subscriptionQuote([777], { currency: 'JPY' }), soldAt);
      let crashes = 0;
      for (let night = 1; night <= 368; night += 1) {
        await temporal.env.sleep(dayMs);
        if (night === 150) await revenue.refundPart(year, '1', 60_000, await instant());
        if (missed(night)) continue;
        if (night % 30 === 0) {
          // This worker dies at a write; its successor is asked the same.
          const dying = openRevenue(crashingAt(server.db, 1 + (crashes % 7), 'lost_answer').db).run;
          crashes += 1;
          work = { postPage: (request) => dying.postPage(request).finally(() => (work = revenue.run)) };
        }
        const { report } = await start(taskQueue);
        expect(report.problemCount).toBe(0);
        expect(report.day).toBe(localDate(new Date(Date.parse(await instant()) - dayMs).toISOString(), zone));
      }
      expect(crashes).toBe(11);

      const open = await Promise.all(['ord_year', 'ord_month', 'ord_yen'].map((id) => revenue.revenue.ofOrder(id)));
      expect(open.flat().map((schedule) => schedule.open)).toEqual([false, false, false, false]);
      const balances = await revenue.ledger.balances();
      expect(balances.filter(({ account }) => account.startsWith('deferred_revenue'))).toEqual([
        { account: 'deferred_revenue/seller_default', currency: 'EUR', balance: 0 },
        { account: 'deferred_revenue/seller_default', currency: 'JPY', balance: 0 },
      ]);
      // 149 or 150 days of 120,000 were earned before half of it went back.
      const of = (account: string) =>
        balances.find((one) => one.account === account && one.currency === 'EUR')?.balance;
      const kept = 0 - (of('revenue/seller_default') ?? 0) - (of('refunds/seller_default') ?? 0);
      expect(kept).toBe(60_000 + 99 + 3100);
      expect(await revenue.ledger.sums()).toEqual([
        { currency: 'EUR', sum: 0 },
        { currency: 'JPY', sum: 0 },
      ]);
      expect(await revenue.report.verify()).toEqual({ schedules: 4, differences: [] });
      await everyMonthRollsForward(soldAt);
    });
  }, 180_000);
});

/** The closing balance of each month is the opening of the next, with nothing unexplained. */
async function everyMonthRollsForward(soldAt: string): Promise<void> {
  const end = localDate(await instant(), zone);
  let closing = 0;
  for (let from = localDate(soldAt, zone); from < end; from = nextMonthStart(from)) {
    const rows = await revenue.report.summary({ from, to: nextMonthStart(from), at: await instant() });
    const euro = rows.find(({ currency }) => currency === 'EUR');
    if (euro === undefined) continue;
    expect([euro.opening, euro.other]).toEqual([closing, 0]);
    closing = euro.closing;
  }
  expect(closing).toBe(0);
}

describe('a run', () => {
  it('adds up its pages and continues as new with what it has, so that its history stays small', async () => {
    const pages = pagesPerRun * 2 + 3;
    const asked: (string | null)[] = [];
    const activities = createRevenueActivities({
      recognition: {
        postPage: async ({ after }) => {
          asked.push(after);
          const next = asked.length < pages ? `ord_${asked.length}/1` : null;
          return page({ posted: 2, recognised: { EUR: 10, JPY: -1 }, next });
        },
      },
    });
    const { handle, report } = await temporal.run(activities, start);
    const expected: RevenueRecognitionReport = {
      day: '2027-01-31',
      posted: pages * 2,
      recognised: { EUR: pages * 10, JPY: -pages },
      problems: [],
      problemCount: 0,
    };
    expect(report).toEqual(expected);
    expect(asked.slice(0, 3)).toEqual([null, 'ord_1/1', 'ord_2/1']);
    const { workflowExecutionInfo } = await temporal.env.connection.workflowService.describeWorkflowExecution({
      namespace: 'default',
      execution: { workflowId: handle.workflowId },
    });
    expect(workflowExecutionInfo?.execution?.runId).not.toBe(handle.firstExecutionRunId);
    const first = temporal.env.client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId);
    const { events } = await first.fetchHistory();
    expect(events?.length).toBeLessThanOrEqual(pagesPerRun + 20);
  });

  it('names the first problems and counts the others', async () => {
    let pages = 0;
    const problems = Array.from({ length: 15 }, (_, index) => ({
      schedule: `ord_${index}/1`,
      code: 'ledger.conflict',
    }));
    const activities = createRevenueActivities({
      recognition: {
        postPage: async () => {
          pages += 1;
          return page({ problems, next: pages < 4 ? 'ord_x/1' : null });
        },
      },
    });
    const { report } = await temporal.run(activities, start);
    expect(report.problems).toHaveLength(problemsShown);
    expect(report.problemCount).toBe(60);
  });

  it('waits for a database that is away, and asks again for the same page', async () => {
    const asked: unknown[] = [];
    const activities = createRevenueActivities({
      recognition: {
        postPage: async (request) => {
          asked.push([request.day, request.after]);
          if (asked.length < 4) fail('store.unavailable');
          return page({ posted: 1 });
        },
      },
    });
    const { report } = await temporal.run(activities, start);
    expect(report.posted).toBe(1);
    expect(asked).toEqual(Array.from({ length: 4 }, () => [null, null]));
  });
});

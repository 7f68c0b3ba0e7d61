import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTaxFilingActivities } from '../../activities/tax-filing.activities.ts';
import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import {
  filingReminderKinds,
  nextPeriod,
  periodClosesAt,
  periodEndsAt,
  periodOfDate,
} from '../../domain/tax-report/filing-period.ts';
import type { FilingPeriod } from '../../domain/tax-report/filing-period.ts';
import { localDate } from '../../domain/time/local-date.ts';
import { createExchangeRates } from '../../services/exchange-rates/exchange-rates.ts';
import { createInvoicePdfRenderer } from '../../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../../services/invoice/invoice-service.ts';
import { ensureIndexes } from '../../services/store/collections.ts';
import { createTaxReportService } from '../../services/tax-report/tax-report-service.ts';
import { taxFilingWorkflow, taxReturnWorkflow } from '../../workflows/index.ts';
import type { TaxReturnInput } from '../../workflows/tax-filing/tax-filing.contract.ts';
import { taxReturnStart } from '../../workflows/tax-filing/tax-return-start.contract.ts';
import { sampleOrder } from '../domain/invoice/sample-order.ts';
import { german, quoteOf } from '../services/tax-report/documents.ts';
import { openTestDatabase } from '../support/mongo.ts';
import { openTimeSkipping } from '../support/time-skipping.ts';
import type { TimeSkipping } from '../support/time-skipping.ts';

// Goal: a year of returns with the real service, at the edges of its quarters, two of which lie in summer time at the seat.

let temporal: TimeSkipping;
let database: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  [temporal, database] = await Promise.all([openTimeSkipping(), openTestDatabase()]);
  await ensureIndexes(database.db);
});
afterAll(() => Promise.all([temporal.close(), database.close()]));

it('closes four quarters, each a day after its end at the seat and not a minute before, with the sales of its own days', async () => {
  const { db } = database;
  const exchangeRates = createExchangeRates({ db });
  const reports = createTaxReportService({ db, exchangeRates });
  const invoices = createInvoiceService({ db, pdf: createInvoicePdfRenderer(), exchangeRates });
  const now = async (): Promise<string> => new Date(await temporal.env.currentTimeMs()).toISOString();
  const entity = legalEntityAt(await now());

  async function sellAt(instant: string): Promise<void> {
    const order = { ...sampleOrder({ quote: quoteOf(german) }), id: `ord_${instant}` };
    await invoices.issueInvoice({ fact: order.id, order, payment: { method: 'card', paidAt: instant }, at: instant });
  }
  const shifted = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString();
  const until = async (instant: string) =>
    temporal.env.sleep(Date.parse(instant) - (await temporal.env.currentTimeMs()));
  const statusOf = async (period: FilingPeriod): Promise<string | undefined> =>
    (await reports.periods({ at: await now(), scheme: 'oss' })).find((one) => one.period === period.period)?.status;

  let queue = '';
  const startTaxReturn = async (input: TaxReturnInput): Promise<void> => {
    await temporal.env.client.workflow.start(taxReturnWorkflow, { ...taxReturnStart(input), taskQueue: queue });
  };
  await temporal.run(createTaxFilingActivities({ taxReports: reports, startTaxReturn }), async (taskQueue) => {
    queue = taskQueue;
    let night = 0;
    const runNight = () => {
      night += 1;
      const options = { taskQueue, workflowId: `filing-year-${night}`, args: [] as [] };
      return temporal.env.client.workflow.execute(taxFilingWorkflow, options);
    };
    await runNight();
    let period = periodOfDate('oss', localDate(await now(), entity.timeZone));
    for (let quarter = 0; quarter < 4; quarter += 1) {
      const [endsAt, closesAt] = [periodEndsAt(period, entity), periodClosesAt(period, entity)];
      await sellAt(shifted(endsAt, -60_000));
      await sellAt(endsAt);
      await until(shifted(closesAt, -60_000));
      await runNight();
      expect(await statusOf(period)).toBe('open');
      await until(shifted(closesAt, 60_000));
      const { closed, failed } = await runNight();
      expect(closed).toContainEqual({ scheme: 'oss', period: period.period });
      expect(failed).toEqual([]);
      const { report } = await reports.report({ scheme: 'oss', period: period.period, at: await now() });
      // The sale a minute before this end, and from the second quarter on the one at the end of the quarter before.
      expect(report.totals.supplies.transactions).toBe(quarter === 0 ? 1 : 2);
      expect(report.totals.corrections.transactions).toBe(0);
      period = nextPeriod(period);
    }
  });
  const closed = (await reports.periods({ at: await now(), scheme: 'oss' })).filter(
    ({ status }) => status === 'closed',
  );
  expect(new Set(closed.map(({ reference }) => reference)).size).toBe(4);
  // Each return's own workflow has reminded of the first three, which nobody filed.
  for (const { reminders } of closed.slice(0, 3))
    expect(reminders.map(({ kind }) => kind)).toEqual(filingReminderKinds);
}, 120_000);

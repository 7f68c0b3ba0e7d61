import { z } from 'zod';
import { taxSchemes } from '../../../domain/tax-report/data/filing-rules.ts';
import { filingReminderKinds } from '../../../domain/tax-report/filing-period.ts';
import { taxReportCsv } from '../../../services/tax-report/tax-report-csv.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer, instantAnswer } from '../answer-schemas.ts';

const totals = {
  sales: amountAnswer,
  exempt: amountAnswer,
  base: amountAnswer,
  tax: amountAnswer,
  transactions: z.int(),
};
const filing = z.object({ reference: z.string(), by: z.string(), filedAt: instantAnswer }).nullable();
const status = z.enum(['open', 'closed', 'filed']);
const scheme = z.enum(taxSchemes);

const line = z.object({
  section: z.enum(['supplies', 'corrections', 'expired_corrections']),
  suppliedIn: z.string(),
  jurisdiction: z.string(),
  name: z.string(),
  rateType: z.enum(['standard', 'reduced']).nullable(),
  rate: z.string().nullable(),
  amounts: z
    .array(z.object({ currency: z.string(), sales: amountAnswer, base: amountAnswer, tax: amountAnswer }))
    .readonly(),
  ...totals,
});

const nexus = z.object({
  jurisdiction: z.string(),
  status: z.enum(['below', 'warning', 'exceeded']),
  from: z.string(),
  to: z.string(),
  sales: amountAnswer,
  transactions: z.int(),
  thresholdSales: amountAnswer.nullable(),
  thresholdTransactions: z.int().nullable(),
});

const rate = z.object({
  suppliedIn: z.string(),
  from: z.string(),
  to: z.string(),
  rate: z.string(),
  date: z.string(),
  source: z.string(),
});

const reportAnswer = z
  .object({
    scheme,
    period: z.string(),
    legalEntity: z.string(),
    reference: z.string(),
    dueDate: z.string(),
    status,
    provisional: z.boolean(),
    closedAt: instantAnswer.nullable(),
    sha256: z.string().nullable(),
    filing,
    currency: z.string(),
    nil: z.boolean(),
    lines: z.array(line).readonly(),
    totals: z.object({
      supplies: z.object(totals),
      corrections: z.object(totals),
      expired_corrections: z.object(totals),
    }),
    rates: z.array(rate).readonly(),
    nexus: z.array(nexus).readonly().nullable(),
  })
  .meta({
    id: 'TaxReport',
    description:
      'A return: minor units of `currency`, negative where credit notes outweigh sales. `amounts` are as documented, ' +
      'per currency. Frozen once `provisional` is false.',
  });

const periodAnswer = z
  .object({
    scheme,
    period: z.string(),
    start: z.string(),
    end: z.string(),
    dueDate: z.string(),
    reference: z.string(),
    status,
    filing,
    reminders: z.array(z.object({ kind: z.enum(filingReminderKinds), at: instantAnswer })).readonly(),
  })
  .meta({ id: 'FilingPeriod' });

const params = z.object({ scheme, period: z.string().min(1).max(10) });
const tags = ['tax'];

type Deps = Pick<ApiDeps, 'taxReports' | 'taxFilings' | 'now'>;

export function registerTaxReports(app: Api, { taxReports, taxFilings, now }: Deps): void {
  app.get(
    '/tax-reports',
    {
      schema: {
        operationId: 'listFilingPeriods',
        tags,
        summary: 'Every filing period, the oldest first, with its status and due date',
        querystring: z.strictObject({ scheme: scheme.optional() }),
        response: { 200: z.object({ items: z.array(periodAnswer).readonly() }) },
      },
    },
    async (request) => {
      const { scheme: wanted } = request.query;
      return { items: await taxReports.periods({ at: now(), ...(wanted === undefined ? {} : { scheme: wanted }) }) };
    },
  );

  app.get(
    '/tax-reports/:scheme/:period',
    {
      schema: {
        operationId: 'getTaxReport',
        tags,
        summary: 'A return: oss/2026-Q4, us/2026-11, ca/2026-Q4; as JSON, or with ?format=csv as CSV',
        params,
        querystring: z.strictObject({ format: z.enum(['json', 'csv']).optional() }),
        response: { 200: z.union([reportAnswer, z.string().meta({ description: 'CSV' })]) },
      },
    },
    async (request, reply) => {
      const { report, ...state } = await taxReports.report({ ...request.params, at: now() });
      const wanted = request.query.format ?? (request.headers.accept === 'text/csv' ? 'csv' : 'json');
      if (wanted === 'json') return { ...report, ...state };
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${report.scheme}-${report.period}.csv"`)
        .serializer(String)
        .send(taxReportCsv(report));
    },
  );

  app.post(
    '/tax-reports/:scheme/:period/filed',
    {
      schema: {
        operationId: 'markTaxReturnFiled',
        tags,
        summary: 'Says that a closed return was filed, and under which reference',
        params,
        body: z
          .strictObject({ reference: z.string().trim().min(1).max(100), by: z.string().trim().min(1).max(100) })
          .meta({ example: { reference: 'IE/IE1234567FA/Q4.2026', by: 'ops_7' } }),
        response: { 200: z.object({ status: z.literal('filed') }) },
      },
    },
    async (request) => {
      await taxFilings.markFiled(request.params, request.body, now());
      return { status: 'filed' as const };
    },
  );
}

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exchangeRatesCollection } from '../../../services/exchange-rates/exchange-rate-store.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../../../services/invoice/invoice-service.ts';
import { createExchangeRates } from '../../../services/exchange-rates/exchange-rates.ts';
import { createTaxReportService } from '../../../services/tax-report/tax-report-service.ts';
import { sampleOrder } from '../../domain/invoice/sample-order.ts';
import { german, quoteOf, texan } from '../../services/tax-report/documents.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { startApi } from './api-under-test.ts';

// Goal: returns over HTTP, in a year that is over: the API reads its clock, and this one stands in 2027.

const now = '2027-02-10T12:00:00.000Z';
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let api: Awaited<ReturnType<typeof startApi>>;

beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  api = await startApi(db, { now: () => now });
  const exchangeRates = createExchangeRates({ db });
  const invoices = createInvoiceService({ db, pdf: createInvoicePdfRenderer(), exchangeRates });
  for (const [at, sale] of [
    ['2026-11-21T10:00:00.000Z', german],
    ['2026-11-21T11:00:00.000Z', texan],
    ['2027-01-05T10:00:00.000Z', german],
  ] as const) {
    const order = { ...sampleOrder({ quote: quoteOf(sale) }), id: `ord_${at}` };
    await invoices.issueInvoice({ fact: order.id, order, payment: { method: 'card', paidAt: at }, at });
  }
  const reports = createTaxReportService({ db, exchangeRates });
  await reports.openPeriods({ at: now });
  await reports.closePeriod({ scheme: 'oss', period: '2026-Q4', at: now });
});
afterAll(async () => {
  await api.app.close();
  await database.close();
});

describe('GET /v1/tax-reports/{scheme}/{period}', () => {
  it('answers the frozen return of a closed period', async () => {
    const answer = await api.call({ url: '/v1/tax-reports/oss/2026-Q4' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      ...{ scheme: 'oss', period: '2026-Q4', status: 'closed', provisional: false, currency: 'EUR', nil: false },
      ...{ reference: 'IE/IE1234567FA/Q4.2026', dueDate: '2027-01-31', nexus: null },
      lines: [{ section: 'supplies', jurisdiction: 'DE', rateType: 'standard', base: 10_000, tax: 1_900 }],
    });
  });

  it('answers what an open period would hold now, and says that it is provisional', async () => {
    const oss = await api.call({ url: '/v1/tax-reports/oss/2027-Q1' });
    expect(oss.json()).toMatchObject({
      status: 'open',
      provisional: true,
      sha256: null,
      totals: { supplies: { tax: 1_900 } },
    });
    const us = await api.call({ url: '/v1/tax-reports/us/2026-11' });
    expect(us.json()).toMatchObject({
      lines: [{ jurisdiction: 'US-TX', sales: 10_000, transactions: 1 }],
      nexus: [{ jurisdiction: 'US-TX', status: 'below' }],
    });
  });

  it.each([
    ['?format=csv', {}],
    ['', { accept: 'text/csv' }],
  ])('answers CSV for %j and %j', async (query, headers) => {
    const answer = await api.call({ url: `/v1/tax-reports/oss/2026-Q4${query}`, headers });
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe('attachment; filename="oss-2026-Q4.csv"');
    const [head, line, ...rest] = answer.body.split('\r\n');
    expect(head).toMatch(/^section,supplied_in,jurisdiction,/);
    expect(line).toBe('supplies,2026-Q4,DE,VAT,standard,0.19,EUR,100.00,0.00,100.00,19.00,1,EUR 100.00 19.00,');
    expect(rest).toEqual(['']);
  });

  it.each([
    ['/v1/tax-reports/vat/2026-Q4', 400, 'request.invalid'],
    ['/v1/tax-reports/oss/2026-11', 400, 'request.invalid'],
    ['/v1/tax-reports/us/2026-Q4', 400, 'request.invalid'],
    ['/v1/tax-reports/oss/2027-Q2', 404, 'tax_report.not_found'],
    ['/v1/tax-reports/oss/2026-Q4?format=pdf', 400, 'request.invalid'],
  ])('answers %s with %d %s', async (url, status, code) => {
    const answer = await api.call({ url });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
  });

  it('names the place of a wrong period', async () => {
    const answer = await api.call({ url: '/v1/tax-reports/us/2026-Q4' });
    expect(answer.json()).toMatchObject({ errors: [{ path: 'period', message: expect.stringContaining('2026-11') }] });
  });

  it('needs a key', async () => {
    const answer = await api.call({ url: '/v1/tax-reports/oss/2026-Q4', headers: { authorization: null } });
    expect(answer.statusCode).toBe(401);
  });
});

describe('GET /v1/tax-reports', () => {
  it('lists the periods of a scheme with status and due date', async () => {
    const answer = await api.call({ url: '/v1/tax-reports?scheme=oss' });
    expect(answer.json()).toMatchObject({
      items: [
        { scheme: 'oss', period: '2026-Q4', dueDate: '2027-01-31', reminders: [] },
        { scheme: 'oss', period: '2027-Q1', status: 'open', dueDate: '2027-04-30' },
      ],
    });
    const all = (await api.call({ url: '/v1/tax-reports' })).json<{ items: { scheme: string }[] }>();
    expect(new Set(all.items.map(({ scheme }) => scheme))).toEqual(new Set(['oss', 'us', 'ca']));
  });
});

describe('POST /v1/tax-reports/{scheme}/{period}/filed', () => {
  const file = (period: string, payload: object) =>
    api.call({
      method: 'POST',
      url: `/v1/tax-reports/oss/${period}/filed`,
      headers: { 'idempotency-key': `${period}-${JSON.stringify(payload)}` },
      payload,
    });

  it('marks a closed return as filed, once', async () => {
    const filed = await file('2026-Q4', { reference: 'OSS-4711', by: 'ops_1' });
    expect([filed.statusCode, filed.json()]).toEqual([200, { status: 'filed' }]);
    expect((await api.call({ url: '/v1/tax-reports/oss/2026-Q4' })).json()).toMatchObject({
      status: 'filed',
      filing: { reference: 'OSS-4711', by: 'ops_1', filedAt: now },
    });
    expect((await file('2026-Q4', { reference: 'OSS-4712', by: 'ops_1' })).json()).toMatchObject({
      code: 'tax_report.conflict',
    });
  });

  it('refuses an open one, and a filing without a reference', async () => {
    expect((await file('2027-Q1', { reference: 'OSS-1', by: 'ops_1' })).json()).toMatchObject({
      code: 'tax_report.not_closed',
    });
    expect((await file('2027-Q1', { reference: ' ', by: 'ops_1' })).json()).toMatchObject({
      code: 'request.invalid',
      errors: [expect.objectContaining({ path: 'reference' })],
    });
  });
});

describe('POST /v1/exchange-rates/{date}/decision', () => {
  it('decides about rates that were held back, and about no others', async () => {
    await database.db.collection<{ _id: string }>(exchangeRatesCollection.name).insertOne({
      ...{ _id: 'ecb/2027-02-09', publisher: 'ecb', source: 'test', date: '2027-02-09', base: 'EUR' },
      ...{ rates: { USD: '2.0' }, status: 'held', importedAt: now, decidedBy: null },
    });
    const decide = (date: string) =>
      api.call({
        method: 'POST',
        url: `/v1/exchange-rates/${date}/decision`,
        headers: { 'idempotency-key': `decide-${date}` },
        payload: { decision: 'accept', by: 'ops_1' },
      });
    expect((await decide('2027-02-09')).json()).toEqual({ date: '2027-02-09', decision: 'accept' });
    const rates = createExchangeRates({ db: database.db });
    expect(await rates.rateOn({ from: 'EUR', to: 'USD', date: '2027-02-09' })).not.toBeNull();
    expect((await decide('2027-02-08')).json()).toMatchObject({ code: 'exchange_rates.not_held' });
  });
});

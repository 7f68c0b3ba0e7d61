import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Db } from 'mongodb';
import { creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import type { Invoice } from '../../../domain/invoice/invoice.ts';
import { refundEntry, saleEntry } from '../../../domain/ledger/order-entries.ts';
import { createExchangeRateStore } from '../../../services/exchange-rates/exchange-rate-store.ts';
import { createExchangeRates } from '../../../services/exchange-rates/exchange-rates.ts';
import { ecbPublisher } from '../../../services/exchange-rates/rate-publisher.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../../../services/invoice/invoice-service.ts';
import { createLedgerService } from '../../../services/ledger/ledger-service.ts';
import { ensureIndexes } from '../../../services/store/collections.ts';
import { checkTaxBooks } from '../../../services/tax-report/check-tax-books.ts';
import { filingPeriodsCollection } from '../../../services/tax-report/filing-period-store.ts';
import { taxReportCsv } from '../../../services/tax-report/tax-report-csv.ts';
import { createTaxReportService } from '../../../services/tax-report/tax-report-service.ts';
import type { TaxReportService } from '../../../services/tax-report/tax-report-service.ts';
import { sampleOrder } from '../../domain/invoice/sample-order.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { french, german, quebecois, quoteOf, texan } from './documents.ts';
import type { SampleSale } from './documents.ts';

const pdf = createInvoicePdfRenderer();
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let db: Db;
let reports: TaxReportService;

beforeAll(async () => {
  database = await openTestDatabase();
  db = database.db;
});
beforeEach(async () => {
  await db.dropDatabase();
  await ensureIndexes(db);
  reports = createTaxReportService({ db, exchangeRates: createExchangeRates({ db }) });
});
afterAll(() => database.close());

const invoices = () => createInvoiceService({ db, pdf, exchangeRates: createExchangeRates({ db }) });
const ledger = () => createLedgerService({ db });
let orders = 0;

/** Sold, paid, invoiced and booked. */
async function sell(sale: SampleSale, at: string): Promise<{ invoice: Invoice; sale: SampleSale }> {
  orders += 1;
  const orderId = `ord_${orders.toString().padStart(16, '0')}`;
  const quote = quoteOf(sale);
  const entry = saleEntry({ orderId, quote, payment: { gateway: 'acquirer_a', captured: quote.gross, fee: 0 }, at });
  const order = { ...sampleOrder({ quote }), id: orderId };
  const payment = { method: 'card', paidAt: at };
  const [invoice] = await Promise.all([
    invoices().issueInvoice({ fact: entry.fact, order, payment, at }),
    ledger().post(entry),
  ]);
  return { invoice, sale };
}

async function giveBack({ invoice, sale }: Awaited<ReturnType<typeof sell>>, at: string): Promise<void> {
  const quote = quoteOf(sale);
  const lines = creditWholeLines(quote, ['1']);
  const booked = await ledger().find(invoice.fact);
  if (booked === null) throw new Error('the sale is not booked');
  const entry = refundEntry({
    refundId: 'ref_1',
    orderId: invoice.orderId,
    quote,
    sale: booked,
    earlier: [],
    lines,
    gateway: 'acquirer_a',
    at,
  });
  await invoices().issueCreditNote({ fact: entry.fact, invoice, lines, reason: 'withdrawal', at });
  await ledger().post(entry);
}

async function publishRate(date: string, usd: string): Promise<void> {
  const rates = { USD: usd, CAD: '1.5' };
  const store = createExchangeRateStore({ db, publisher: ecbPublisher });
  await store.insert({ source: 'test', date, base: 'EUR', rates }, { status: 'accepted', at: `${date}T15:30:00.000Z` });
}

const november = '2026-11-21T10:00:00.000Z';
const january = '2027-01-02T10:00:00.000Z';
const q4 = { scheme: 'oss', period: '2026-Q4' } as const;

describe('opening periods', () => {
  it('opens the current ones of every scheme, once', async () => {
    const work = await reports.openPeriods({ at: november });
    expect(work).toEqual({ toClose: [], awaited: [] });
    await Promise.all([1, 2, 3].map(() => reports.openPeriods({ at: november })));
    expect(
      (await reports.periods({ at: november })).map(({ scheme, period, status }) => [scheme, period, status]),
    ).toEqual([
      ['ca', '2026-Q4', 'open'],
      ['oss', '2026-Q4', 'open'],
      ['us', '2026-11', 'open'],
    ]);
    const stored = await db.collection(filingPeriodsCollection.name).find().toArray();
    for (const one of stored) expect(filingPeriodsCollection.schema.safeParse(one).error).toBeUndefined();
  });

  it('goes back to the first document, and makes up for months in which nothing ran', async () => {
    await sell(german, '2026-08-31T22:30:00.000Z');
    await reports.openPeriods({ at: november });
    const of = async (scheme: 'oss' | 'us') =>
      (await reports.periods({ at: november, scheme })).map(({ period }) => period);
    expect(await of('oss')).toEqual(['2026-Q3', '2026-Q4']);
    expect(await of('us')).toEqual(['2026-08', '2026-09', '2026-10', '2026-11']);
    const { toClose } = await reports.openPeriods({ at: january });
    expect(toClose.filter(({ scheme }) => scheme === 'us').map(({ period }) => period)).toEqual([
      '2026-08',
      '2026-09',
      '2026-10',
      '2026-11',
      '2026-12',
    ]);
    expect(await of('us')).toContain('2026-12');
  });

  it('says what waits to be filed, from the end of the period until it is long overdue', async () => {
    await reports.openPeriods({ at: november });
    const awaited = async (at: string) =>
      (await reports.openPeriods({ at })).awaited.filter(({ scheme }) => scheme === 'oss').map(({ period }) => period);
    expect(await awaited('2026-12-31T23:59:59.999Z')).toEqual([]);
    expect(await awaited('2027-01-01T00:00:00.000Z')).toEqual(['2026-Q4']);
    expect(await awaited('2027-03-02T23:59:59.999Z')).toEqual(['2026-Q4']);
    expect(await awaited('2027-03-03T00:00:00.000Z')).toEqual([]);
  });
});

describe('closing a period', () => {
  it('freezes the return with its hash; what comes later goes into the next one as a correction', async () => {
    await publishRate('2026-12-31', '1.25');
    const sold = await sell(german, november);
    await sell(french, november);
    await reports.openPeriods({ at: january });
    expect(await reports.closePeriod({ ...q4, at: january })).toEqual({ kind: 'closed' });
    const closed = await reports.report({ ...q4, at: january });
    expect(closed).toMatchObject({ status: 'closed', provisional: false, closedAt: january });
    expect(closed.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(closed.report.lines.map(({ jurisdiction, base, tax }) => [jurisdiction, base, tax])).toEqual([
      ['DE', 10_000, 1_900],
      ['FR', 4_000, 800],
    ]);
    await giveBack(sold, '2027-02-01T10:00:00.000Z');
    await reports.closePeriod({ ...q4, at: '2027-02-02T00:00:00.000Z' });
    expect(await reports.report({ ...q4, at: '2027-02-02T00:00:00.000Z' })).toEqual(closed);
    const next = await reports.report({ scheme: 'oss', period: '2027-Q1', at: '2027-02-02T00:00:00.000Z' });
    expect(next).toMatchObject({ status: 'open', provisional: true, sha256: null });
    expect(next.report.lines).toEqual([
      expect.objectContaining({ section: 'corrections', suppliedIn: '2026-Q4', jurisdiction: 'DE', tax: -1_900 }),
    ]);
  });

  it('waits for the rates of the last day, and only when there is something to convert', async () => {
    await sell(french, '2026-10-05T10:00:00.000Z');
    await publishRate('2026-12-30', '1.2');
    await reports.openPeriods({ at: january });
    expect(await reports.closePeriod({ ...q4, at: january })).toEqual({ kind: 'rates_missing', currencies: ['USD'] });
    expect((await reports.report({ ...q4, at: january })).report.rates).toEqual([
      expect.objectContaining({ date: '2026-12-30', rate: '1.2' }),
    ]);
    await publishRate('2027-01-04', '1.6');
    expect(await reports.closePeriod({ ...q4, at: '2027-01-05T10:00:00.000Z' })).toEqual({ kind: 'closed' });
    expect((await reports.report({ ...q4, at: january })).report.rates).toEqual([
      expect.objectContaining({ date: '2027-01-04', rate: '1.6' }),
    ]);
  });

  it('needs no rate for sales of the period after it', async () => {
    await sell(german, november);
    await reports.openPeriods({ at: january });
    await sell(french, '2027-01-02T09:00:00.000Z');
    expect(await reports.closePeriod({ ...q4, at: january })).toEqual({ kind: 'closed' });
  });

  it('makes a nil return of nothing', async () => {
    await reports.openPeriods({ at: november });
    await reports.closePeriod({ ...q4, at: january });
    expect((await reports.report({ ...q4, at: january })).report).toMatchObject({ nil: true, lines: [] });
  });

  it('by several at once closes it once', async () => {
    await sell(german, november);
    await reports.openPeriods({ at: january });
    const schemes = ['oss', 'ca'] as const;
    await Promise.all(
      [...schemes, ...schemes, ...schemes].map((scheme) =>
        reports.closePeriod({ scheme, period: '2026-Q4', at: january }),
      ),
    );
    const stored = await db.collection(filingPeriodsCollection.name).find({ status: 'closed' }).toArray();
    expect(stored.map((one) => one['order'] as string).sort()).toEqual([
      'ca/waybill_ie/000001',
      'oss/waybill_ie/000001',
    ]);
    for (const one of stored) expect(filingPeriodsCollection.schema.safeParse(one).error).toBeUndefined();
  });

  it('is refused a minute before it may, and for a period that nobody opened', async () => {
    await reports.openPeriods({ at: november });
    await expect(reports.closePeriod({ ...q4, at: '2027-01-01T23:59:00.000Z' })).rejects.toMatchObject({
      code: 'tax_report.not_ended',
    });
    await expect(reports.closePeriod({ scheme: 'oss', period: '2020-Q1', at: january })).rejects.toMatchObject({
      code: 'tax_report.not_found',
    });
  });
});

describe('reading a return', () => {
  it('refuses a period that has not begun or is none', async () => {
    await expect(reports.report({ scheme: 'oss', period: '2027-Q1', at: november })).rejects.toMatchObject({
      code: 'tax_report.not_found',
    });
    await expect(reports.report({ scheme: 'oss', period: '2026-11', at: november })).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });

  it('says that a rate is missing when not even an older one is on file', async () => {
    await sell(french, november);
    await expect(reports.report({ ...q4, at: november })).rejects.toMatchObject({ code: 'tax_report.rate_missing' });
  });

  it('notices that a closed return was altered', async () => {
    await sell(german, november);
    await reports.openPeriods({ at: january });
    await reports.closePeriod({ ...q4, at: january });
    await db
      .collection<{ _id: string }>(filingPeriodsCollection.name)
      .updateOne({ _id: 'oss/waybill_ie/2026-Q4' }, { $set: { 'closed.report.totals.supplies.tax': 1 } });
    await expect(reports.report({ ...q4, at: january })).rejects.toMatchObject({ code: 'tax_report.altered' });
  });

  it('shows states with nexus, and provinces with each of their taxes', async () => {
    await sell(texan, november);
    await sell(quebecois, november);
    await reports.openPeriods({ at: november });
    const us = await reports.report({ scheme: 'us', period: '2026-11', at: november });
    expect(us.report.nexus).toEqual([
      expect.objectContaining({ jurisdiction: 'US-TX', status: 'below', sales: 10_000 }),
    ]);
    const ca = await reports.report({ scheme: 'ca', period: '2026-Q4', at: november });
    expect(ca.report.lines.map(({ jurisdiction, name, tax }) => [jurisdiction, name, tax])).toEqual([
      ['CA-QC', 'GST', 500],
      ['CA-QC', 'QST', 998],
    ]);
  });

  it('as CSV has a row per line, in decimals', async () => {
    await publishRate('2026-11-20', '1.25');
    await sell(german, november);
    await sell(french, november);
    const { report } = await reports.report({ ...q4, at: november });
    expect(taxReportCsv(report).split('\r\n')).toEqual([
      'section,supplied_in,jurisdiction,tax,rate_type,rate,currency,sales,exempt,base,tax_amount,transactions,documented,nexus_status',
      'supplies,2026-Q4,DE,VAT,standard,0.19,EUR,100.00,0.00,100.00,19.00,1,EUR 100.00 19.00,',
      'supplies,2026-Q4,FR,VAT,standard,0.2,EUR,40.00,0.00,40.00,8.00,1,USD 50.00 10.00,',
      '',
    ]);
  });
});

describe('marking a return as filed', () => {
  const filing = { reference: 'IE-OSS-4711', by: 'ops_1', at: january };

  it('takes a closed one, once, and knows its own repeat', async () => {
    await reports.openPeriods({ at: november });
    await expect(reports.markFiled({ ...q4, ...filing })).rejects.toMatchObject({ code: 'tax_report.not_closed' });
    await reports.closePeriod({ ...q4, at: january });
    for (let time = 0; time < 2; time += 1) await reports.markFiled({ ...q4, ...filing });
    expect(await reports.report({ ...q4, at: january })).toMatchObject({
      status: 'filed',
      filing: { reference: 'IE-OSS-4711', by: 'ops_1' },
    });
    await expect(reports.markFiled({ ...q4, ...filing, reference: 'another' })).rejects.toMatchObject({
      code: 'tax_report.conflict',
    });
    expect((await reports.openPeriods({ at: january })).awaited.map(({ scheme }) => scheme)).not.toContain('oss');
  });

  it('keeps a reminder once per kind', async () => {
    await reports.openPeriods({ at: november });
    for (const at of [january, '2027-01-03T00:00:00.000Z']) await reports.remind({ ...q4, kind: 'overdue', at });
    const [period] = await reports.periods({ at: january, scheme: 'oss' });
    expect(period?.reminders).toEqual([{ kind: 'overdue', at: january }]);
  });
});

describe('the check of the tax books', () => {
  const sellAll = async () => {
    for (const sale of [german, french, texan, quebecois]) await sell(sale, november);
    await giveBack(await sell(german, november), january);
  };

  it('finds nothing when documents, returns and ledger agree, before and after closing', async () => {
    await publishRate('2026-12-31', '1.25');
    await sellAll();
    expect(await checkTaxBooks({ db }, { at: january })).toEqual([]);
    for (const { scheme, period } of (await reports.openPeriods({ at: january })).toClose)
      await reports.closePeriod({ scheme, period, at: january });
    expect(await checkTaxBooks({ db }, { at: january })).toEqual([]);
  });

  it('names the jurisdiction in which a document is not booked, or booked differently', async () => {
    await sellAll();
    await db.collection('journal_entries').deleteOne({ 'postings.account': 'tax_payable/US-TX' });
    expect(await checkTaxBooks({ db }, { at: january })).toEqual([
      { subject: 'US-TX USD', problem: 'invoices and credit notes say 500, the ledger 0' },
    ]);
  });

  it('names the return that does not hold what it should', async () => {
    await sell(german, november);
    await reports.openPeriods({ at: january });
    await reports.closePeriod({ ...q4, at: january });
    await db
      .collection<{ _id: string }>(filingPeriodsCollection.name)
      .updateOne({ _id: 'oss/waybill_ie/2026-Q4' }, { $set: { 'closed.report.lines.0.amounts.0.tax': 1_899 } });
    expect((await checkTaxBooks({ db }, { at: january })).map(({ problem }) => problem)).toEqual([
      'the closed return is not what was closed',
      'invoices and credit notes say 1900, the returns 1899',
    ]);
  });
});

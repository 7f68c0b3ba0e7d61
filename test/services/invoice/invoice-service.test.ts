import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Collection, Db } from 'mongodb';
import { creditPartOfLine, creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import { creditReasons } from '../../../domain/invoice/invoice.ts';
import { createExchangeRates } from '../../../services/exchange-rates/exchange-rates.ts';
import { createExchangeRateStore } from '../../../services/exchange-rates/exchange-rate-store.ts';
import { ecbPublisher } from '../../../services/exchange-rates/rate-publisher.ts';
import type { ExchangeRates } from '../../../services/exchange-rates/exchange-rates.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../../../services/invoice/invoice-service.ts';
import { billingDocuments } from '../../../services/invoice/invoice-store.ts';
import type { BillingDocumentRecord } from '../../../services/invoice/invoice-store.ts';
import { toInvoiceAnswer } from '../../../services/invoice/invoice-answer.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import type { Customer } from '../../../domain/order/order.ts';
import { sampleOrder } from '../../domain/invoice/sample-order.ts';
import { taxedQuote } from '../../domain/invoice/taxed-sale.ts';
import { openTestDatabase } from '../../support/mongo.ts';

const at = '2026-11-21T10:00:00.000Z';
const pdf = createInvoicePdfRenderer();

let server: Awaited<ReturnType<typeof openTestDatabase>>;
let records: Collection<BillingDocumentRecord>;
let exchangeRates: ExchangeRates;
beforeAll(async () => {
  server = await openTestDatabase();
  exchangeRates = createExchangeRates({ db: server.db });
});
afterAll(() => server.close());
beforeEach(async () => {
  records = collectionOf(server.db, billingDocuments);
  await records.deleteMany({});
  await records.createIndexes([...billingDocuments.indexes]);
});

function sale(fact: string, when = at) {
  return { fact, order: { ...sampleOrder(), id: fact }, payment: { method: 'card', paidAt: at }, at: when };
}

describe('issuing', () => {
  it('numbers invoices and credit notes 1, 2, 3, … each in their own series and year', async () => {
    const invoices = createInvoiceService({ db: server.db, pdf, exchangeRates });
    const first = await invoices.issueInvoice(sale('f1'));
    const second = await invoices.issueInvoice(sale('f2'));
    const nextYear = await invoices.issueInvoice(sale('f3', '2027-01-01T00:00:00.000Z'));
    const credit = await invoices.issueCreditNote({
      fact: 'r1',
      invoice: first,
      lines: creditWholeLines(sampleOrder().quote, ['2']),
      reason: 'not_delivered',
      at,
    });
    expect([first, second, nextYear, credit].map(({ number }) => number)).toEqual([
      'INV-2026-000001',
      'INV-2026-000002',
      'INV-2027-000001',
      'CN-2026-000001',
    ]);
    expect(credit).toMatchObject({ gross: 1190, corrects: { number: 'INV-2026-000001' } });
  });

  it('answers a repeated fact with the document of the first time, on another day and from another process too', async () => {
    const first = await createInvoiceService({ db: server.db, pdf, exchangeRates }).issueInvoice(sale('f1'));
    const restarted = createInvoiceService({ db: server.db, pdf, exchangeRates });
    expect(await restarted.issueInvoice(sale('f1', '2027-03-01T00:00:00.000Z'))).toEqual(first);
    expect(await records.countDocuments()).toBe(1);
    expect(first.id).toMatch(/^inv_[0-9A-Z]{20}$/);
  });

  it('refuses a fact that is invoiced with other content', async () => {
    const invoices = createInvoiceService({ db: server.db, pdf, exchangeRates });
    await invoices.issueInvoice(sale('f1'));
    const order = sampleOrder();
    const [first] = order.quote.lines;
    if (first === undefined) throw new Error('no line');
    const { net, tax, gross, taxes } = first;
    const cheaper = { ...order, id: 'f1', quote: { ...order.quote, net, tax, gross, taxes, lines: [first] } };
    await expect(invoices.issueInvoice({ ...sale('f1'), order: cheaper })).rejects.toMatchObject({
      code: 'invoice.conflict',
    });
  });

  it('counts from 1 to N without gaps or doubles with 64 writers in 4 processes that crash around the insert', async () => {
    const seed = 20261121;
    const random = seededRandom(seed);
    const processes = Array.from({ length: 4 }, () =>
      createInvoiceService({
        db: crashingDatabase(
          server.db,
          () => random() < 0.2,
          () => random() < 0.5,
        ),
        pdf,
        exchangeRates,
      }),
    );
    const writers = Array.from({ length: 64 }, async (_, writer) => {
      for (const part of [0, 1, 2]) {
        const fact = `f${writer}/${part}`;
        for (let attempt = 0; ; attempt += 1) {
          // As Temporal retries: perhaps on another worker.
          const service = processes[(writer + attempt) % processes.length];
          if (service === undefined) throw new Error('no process');
          try {
            await service.issueInvoice(sale(fact));
            break;
          } catch (error) {
            if (!(error instanceof Crash)) throw error;
          }
        }
      }
    });
    await Promise.all(writers);
    const all = await records.find({}).toArray();
    const sequences = all.map(({ sequence }) => sequence).sort((a, b) => a - b);
    expect({ seed, sequences }).toEqual({ seed, sequences: Array.from({ length: 64 * 3 }, (_, index) => index + 1) });
    expect(new Set(all.map(({ fact }) => fact)).size).toBe(64 * 3);
    for (const record of all) expect(billingDocuments.schema.safeParse(record).error).toBeUndefined();
  });
});

describe('the tax in the currency of the taxing state', () => {
  const abroad = (fact: string, customer: Partial<Customer> = {}) => {
    const quote = taxedQuote({
      currency: 'USD',
      customer: { country: 'IE', ...customer },
      lines: [{ amount: 10_000 }],
    });
    return { ...sale(fact), order: { ...sampleOrder({ quote, customer }), id: fact } };
  };
  const business = { type: 'business', businessTaxId: 'IE1234567FA', country: 'IE' } as const;

  it('is not even asked for where the document has that currency', async () => {
    const unasked: ExchangeRates = { rateOn: () => Promise.reject(new Error('asked for a rate')) };
    const invoices = createInvoiceService({ db: server.db, pdf, exchangeRates: unasked });
    expect((await invoices.issueInvoice(sale('f1'))).taxesInLocalCurrency).toEqual([]);
  });

  it('is waited for where a business needs it, and then stands at the rate of the day of supply', async () => {
    const invoices = createInvoiceService({ db: server.db, pdf, exchangeRates });
    await expect(invoices.issueInvoice(abroad('f1', business))).rejects.toMatchObject({
      code: 'invoice.exchange_rate_missing',
      definition: { retryable: true },
    });
    expect(await records.countDocuments()).toBe(0);
    const consumer = await invoices.issueInvoice(abroad('f2'));
    expect([consumer.taxesInLocalCurrency, consumer.legal.form]).toEqual([[], 'not_required']);

    await createExchangeRateStore({ db: server.db, publisher: ecbPublisher }).insert(
      { source: 'ECB', date: '2026-11-20', base: 'EUR', rates: { USD: '1.15' } },
      { status: 'accepted', at },
    );
    const invoice = await invoices.issueInvoice(abroad('f1', business));
    const exchangeRate = { from: 'EUR', to: 'USD', rate: '1.15', date: '2026-11-20', source: 'ECB' };
    expect(invoice.taxesInLocalCurrency).toEqual([
      { jurisdiction: 'IE', name: 'VAT', rate: '0.23', currency: 'EUR', amount: 2_000, exchangeRate },
    ]);
    const { quote } = abroad('f1', business).order;
    const [credit] = [creditPartOfLine(quote, { line: '1', gross: 6_150, quantity: 0 }, [])];
    const note = await invoices.issueCreditNote({ fact: 'r1', invoice, lines: [credit], reason: 'goodwill', at });
    expect(note.taxesInLocalCurrency).toEqual([
      { jurisdiction: 'IE', name: 'VAT', rate: '0.23', currency: 'EUR', amount: 1_000, exchangeRate },
    ]);
    for (const record of await records.find({}).toArray()) {
      expect(billingDocuments.schema.safeParse(record).error).toBeUndefined();
    }
  });
});

describe('the record of a credit note', () => {
  it.each(creditReasons)('may give "%s" as its reason', async (reason) => {
    const invoices = createInvoiceService({ db: server.db, pdf, exchangeRates });
    const invoice = await invoices.issueInvoice(sale('f1'));
    const [credit] = [creditPartOfLine(sampleOrder().quote, { line: '1', gross: 100, quantity: 0 }, [])];
    await invoices.issueCreditNote({ fact: 'r1', invoice, lines: [credit], reason, at });
    const [record] = await records.find({ fact: 'r1' }).toArray();
    expect(billingDocuments.schema.safeParse(record).error).toBeUndefined();
  });
});

describe('what was paid', () => {
  it('is what the lines of the invoice say, to the last minor unit: nothing is charged that is no line', async () => {
    const invoices = createInvoiceService({ db: server.db, pdf, exchangeRates });
    const invoice = await invoices.issueInvoice(sale('f1'));
    const captured = sampleOrder().quote.gross;
    const lines = invoice.lines.map(({ gross }) => gross);
    expect(lines.reduce((total, gross) => total + gross, 0)).toBe(captured);
    expect(invoice.gross).toBe(captured);
  });

  it('cannot be invoiced otherwise', async () => {
    const invoices = createInvoiceService({ db: server.db, pdf, exchangeRates });
    const order = sampleOrder();
    const hidden = { ...order, id: 'f1', quote: { ...order.quote, gross: order.quote.gross + 99 } };
    await expect(invoices.issueInvoice({ ...sale('f1'), order: hidden })).rejects.toMatchObject({
      code: 'invoice.not_itemised',
    });
    expect(await records.countDocuments()).toBe(0);
  });
});

describe('reading', () => {
  it('finds a document by id, by fact and by order, and says when there is none', async () => {
    const invoices = createInvoiceService({ db: server.db, pdf, exchangeRates });
    const issued = await invoices.issueInvoice(sale('f1'));
    expect(await invoices.getInvoice(issued.id)).toEqual(issued);
    expect(await invoices.findByFact('f1')).toEqual(issued);
    expect(await invoices.findByFact('f2')).toBeNull();
    expect(await invoices.listByOrder('f1')).toEqual([issued]);
    await expect(invoices.getInvoice('inv_none')).rejects.toMatchObject({ code: 'invoice.not_found' });
  });

  it('answers the API with all that the document says and nothing internal', async () => {
    const invoices = createInvoiceService({ db: server.db, pdf, exchangeRates });
    const answer = toInvoiceAnswer(await invoices.issueInvoice(sale('f1')));
    expect(answer).toMatchObject({
      number: 'INV-2026-000001',
      gross: 15466,
      order: { id: 'f1' },
      supplyDate: '2026-11-21',
    });
    expect(answer).not.toHaveProperty('fact');
    expect(answer).not.toHaveProperty('sequence');
  });

  it('keeps the hash of the first rendering and renders the same bytes ever after', async () => {
    const invoices = createInvoiceService({ db: server.db, pdf, exchangeRates });
    const { id } = await invoices.issueInvoice(sale('f1'));
    expect((await records.findOne({ _id: id }))?.pdf).toBeNull();
    const first = await invoices.renderPdf(id, at);
    const again = await createInvoiceService({
      db: server.db,
      pdf: createInvoicePdfRenderer(),
      exchangeRates,
    }).renderPdf(id, '2030-01-01T00:00:00.000Z');
    expect(first.sha256).toBe(createHash('sha256').update(first.content).digest('hex'));
    expect(again).toEqual(first);
    expect((await records.findOne({ _id: id }))?.pdf).toEqual({ sha256: first.sha256, renderedAt: at });
    expect(first.filename).toBe('INV-2026-000001.pdf');
  });
});

class Crash extends Error {}

/** The process dies around an insert: before the request leaves, or after the server has carried it out. */
function crashingDatabase(db: Db, crashes: () => boolean, before: () => boolean): Db {
  return new Proxy(db, {
    get(target, property) {
      if (property !== 'collection') return Reflect.get(target, property) as unknown;
      return (name: string) =>
        new Proxy(target.collection(name), {
          get(collection, method) {
            if (method !== 'insertOne') {
              const value: unknown = Reflect.get(collection, method);
              return typeof value === 'function' ? (value.bind(collection) as unknown) : value;
            }
            return async (document: Record<string, unknown>) => {
              const crash = crashes();
              if (crash && before()) throw new Crash('before the insert');
              const result = await collection.insertOne(document);
              if (crash) throw new Crash('after the insert');
              return result;
            };
          },
        });
    },
  });
}

function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

import { MongoClient } from 'mongodb';
import type { InvoicedOrder } from '../../domain/invoice/invoice.ts';
import { createExchangeRates } from '../../services/exchange-rates/exchange-rates.ts';
import { createInvoicePdfRenderer } from '../../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../../services/invoice/invoice-service.ts';
import { billingDocuments } from '../../services/invoice/invoice-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import { perSecond } from './paced.ts';

export interface InvoiceRun {
  readonly invoices: number;
  readonly perSecond: number;
  /** The numbers are 1, 2, 3, … up to `invoices`: none is missing, none is there twice. */
  readonly gapless: boolean;
  readonly writers: number;
}

const writers = 64;
const at = '2026-11-21T10:00:00.000Z';

/**
 * Invoices this many sales with 64 writers of two services, which know nothing of each other, as two workers would; in a
 * database of its own that is dropped afterwards.
 */
export async function invoiceRun({
  uri,
  count,
}: {
  readonly uri: string;
  readonly count: number;
}): Promise<InvoiceRun> {
  const client = await MongoClient.connect(uri);
  const db = client.db(`bench_invoices_${process.pid}`);
  try {
    const records = collectionOf(db, billingDocuments);
    await records.createIndexes([...billingDocuments.indexes]);
    const deps = { db, pdf: createInvoicePdfRenderer(), exchangeRates: createExchangeRates({ db }) };
    const services = [createInvoiceService(deps), createInvoiceService(deps)];
    const rate = await perSecond(count, writers, async (index) => {
      const fact = `bench/${index}/sale`;
      const payment = { method: 'card', paidAt: at };
      await services[index % services.length]?.issueInvoice({ fact, order: soldOrder(index), payment, at });
    });
    const found = await records.find({}, { projection: { sequence: 1 } }).toArray();
    const sequences = found.map(({ sequence }) => sequence).sort((a, b) => a - b);
    const gapless = sequences.length === count && sequences.every((sequence, index) => sequence === index + 1);
    return { invoices: sequences.length, perSecond: Math.round(rate * 10) / 10, gapless, writers };
  } finally {
    await db.dropDatabase();
    await client.close();
  }
}

/** One licence of 100.00 EUR, sold to Germany. */
function soldOrder(index: number): InvoicedOrder {
  const amounts = { net: 10_000, tax: 1_900, gross: 11_900 };
  const taxes = [{ jurisdiction: 'DE', name: 'VAT', rate: '0.19', base: amounts.net, amount: amounts.tax }];
  const id = `ord_BENCH_INVOICE_${index}`;
  return {
    id,
    number: id,
    customer: {
      ...{ id: null, email: `buyer${index}@example.com`, name: 'Ada Example', locale: 'en' },
      ...{ country: 'DE', region: null, postalCode: '10115', street: 'Invalidenstraße 1', city: 'Berlin' },
      ...{ type: 'consumer', businessTaxId: null, ipCountry: 'DE', cardCountry: 'DE' },
    },
    quote: {
      ...{ currency: 'EUR', discount: 0, ...amounts, taxes, reverseCharge: false },
      lines: [
        {
          ...{ line: '1', price: 'bench', quantity: 1, product: 'bench', productName: 'Benchmark', bundle: null },
          ...{ sellerId: 'seller_default', sellerTerms: null, taxClass: 'saas', taxBehavior: 'exclusive' },
          ...{ delivery: [{ method: 'license', pool: null }], recurring: null, list: amounts.net, discount: 0 },
          ...{ ...amounts, taxes },
        },
      ],
      placeOfSupply: { country: 'DE', region: null, postalCode: '10115', evidence: [] },
    },
  };
}

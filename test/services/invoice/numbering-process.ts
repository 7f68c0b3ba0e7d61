import { MongoClient } from 'mongodb';
import { createExchangeRates } from '../../../services/exchange-rates/exchange-rates.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../../../services/invoice/invoice-service.ts';
import { sampleOrder } from '../../domain/invoice/sample-order.ts';

/** One of several processes that invoice sales side by side until somebody kills it: `uri database writers fact,fact,…`. */
const [uri = '', database = '', writers = '1', facts = ''] = process.argv.slice(2);
const at = '2026-11-21T10:00:00.000Z';

const client = await MongoClient.connect(uri);
const db = client.db(database);
const invoices = createInvoiceService({
  db,
  pdf: createInvoicePdfRenderer(),
  exchangeRates: createExchangeRates({ db }),
});
const left = facts.split(',');
console.log('numbering: ready');
await Promise.all(
  Array.from({ length: Number(writers) }, async () => {
    for (let fact = left.shift(); fact !== undefined; fact = left.shift()) {
      const order = { ...sampleOrder(), id: fact };
      await invoices.issueInvoice({ fact, order, payment: { method: 'card', paidAt: at }, at });
    }
  }),
);
console.log('numbering: done');
await client.close();

import type { Db } from 'mongodb';
import { facts } from '../../../domain/idempotency.ts';
import { creditedBefore } from '../../../domain/invoice/credited-before.ts';
import { creditPartOfLine, creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import type { CreditedLine } from '../../../domain/invoice/credited-line.ts';
import { refundEntry, saleEntry } from '../../../domain/ledger/order-entries.ts';
import { sum } from '../../../domain/money/money.ts';
import type { OrderRefund, Quote } from '../../../domain/order/order.ts';
import { startedAttempt } from '../../../domain/payment/payment.ts';
import { createExchangeRates } from '../../../services/exchange-rates/exchange-rates.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../../../services/invoice/invoice-service.ts';
import { billingDocuments } from '../../../services/invoice/invoice-store.ts';
import { createLedgerService } from '../../../services/ledger/ledger-service.ts';
import { journalEntries } from '../../../services/ledger/ledger-store.ts';
import { ordersCollection } from '../../../services/order/order-store.ts';
import type { OrderDocument } from '../../../services/order/order-store.ts';
import { paymentsCollection } from '../../../services/payment/payment-store.ts';
import { createStoreCreditService } from '../../../services/store-credit/store-credit-service.ts';
import { createStoreCreditStore } from '../../../services/store-credit/store-credit-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { ensureIndexes } from '../../../services/store/collections.ts';
import { sampleOrder, sampleQuote } from '../../domain/invoice/sample-order.ts';

export const at = '2026-11-21T10:00:00.000Z';
const gateway = 'acme';
const account = { holder: 'customer/c1', currency: 'EUR' } as const;

function orderOf(id: string, quote: Quote): OrderDocument {
  return {
    ...sampleOrder({ quote }),
    ...{ _id: id, id, emailHash: '', requestHash: '', revision: 1, status: 'completed', statusReason: null },
    ...{ refundStatus: 'none', disputed: false, currency: quote.currency, requestedLines: [], coupon: null },
    ...{ payment: { method: 'card', token: 'tok_ok' }, metadata: {}, quoteId: null, quoteHash: '' },
    ...{ consents: { immediateDelivery: true, withdrawalWaiver: true }, businessTaxIdStatus: 'not_given' },
    ...{ screening: null, review: null, refunds: [], timeline: [], createdAt: at, startedAt: at },
  };
}

/** Orders, payments, invoices and a book that belong together, without a workflow: each sale and refund is complete. */
export async function openBookedShop(db: Db) {
  await ensureIndexes(db);
  const orders = collectionOf(db, ordersCollection);
  const payments = collectionOf(db, paymentsCollection);
  const ledger = createLedgerService({ db });
  const exchangeRates = createExchangeRates({ db });
  const invoices = createInvoiceService({ db, pdf: createInvoicePdfRenderer(), exchangeRates });
  const credited = new Map<string, readonly CreditedLine[]>();
  const credit = createStoreCreditService({ store: createStoreCreditStore(db) });

  return {
    ...{ ledger, orders, payments, credit, account },
    documents: collectionOf(db, billingDocuments),
    entries: collectionOf(db, journalEntries),

    /** @param wanted of the gross, what store credit pays as far as there is any */
    async sell(orderId: string, quote: Quote = sampleOrder().quote, fee = 100, wanted = 0): Promise<void> {
      const { currency } = quote;
      const key = facts.sale(orderId);
      const spent = wanted === 0 ? 0 : await credit.spend({ ...account, upTo: wanted, key, at });
      const gross = quote.gross - spent;
      const captured = { ...startedAttempt(1, gateway, at), status: 'captured' } as const;
      await orders.insertOne(orderOf(orderId, quote));
      await payments.insertOne({
        ...{ _id: orderId, orderId, status: 'captured', currency, amount: gross, captured: gross, refunded: 0 },
        ...{ gateway, attempts: gross === 0 ? [] : [captured], refunds: [] },
      });
      const order = orderOf(orderId, quote);
      await invoices.issueInvoice({ fact: facts.sale(orderId), order: { ...order, quote }, payment: null, at });
      const payment = gross === 0 ? null : { gateway, captured: gross, fee };
      await ledger.post(saleEntry({ orderId, quote, payment, credit: spent, at }));
    },

    /** The whole line, or this much of its gross; through the gateway, or to store credit. */
    async refund(
      orderId: string,
      refundId: string,
      line: string,
      part?: number,
      by: 'gateway' | 'credit' = 'gateway',
    ): Promise<void> {
      const fact = facts.sale(orderId);
      const [order, invoice, sale] = await Promise.all([
        orders.findOne({ _id: orderId }),
        invoices.findByFact(fact),
        ledger.find(fact),
      ]);
      const quote = order?.quote ?? sampleQuote([]);
      if (invoice?.kind !== 'invoice' || sale === null) throw new Error(`${orderId} was not sold`);
      const before = credited.get(orderId) ?? [];
      const lines =
        part === undefined
          ? creditWholeLines(quote, [line])
          : [creditPartOfLine(quote, { line, gross: part, quantity: 0 }, before)];
      credited.set(orderId, [...before, ...lines]);
      const amount = sum(lines.map(({ gross }) => gross));
      const issue = { fact: facts.refund(orderId, refundId), invoice, lines, reason: 'goodwill', at } as const;
      const creditNote = await invoices.issueCreditNote(issue);
      const earlier = creditedBefore(await invoices.listByOrder(orderId), creditNote);
      const back = by === 'credit' ? { gateway: null, toCredit: amount } : ({ gateway, toCredit: 0 } as const);
      await ledger.post(refundEntry({ orderId, refundId, quote, sale, lines, earlier, ...back, at }));
      if (by === 'credit') await credit.grant({ ...account, amount, key: facts.refund(orderId, refundId), at });
      const refund: OrderRefund = {
        ...{ id: refundId, lines: [line], amount, reason: 'goodwill', status: 'succeeded', creditNote: creditNote.id },
      };
      await orders.updateOne({ _id: orderId }, { $push: { refunds: refund } });
      if (by === 'gateway')
        await payments.updateOne(
          { _id: orderId },
          { $push: { refunds: { refundId, amount, status: 'succeeded' } }, $inc: { refunded: amount } },
        );
    },
  };
}

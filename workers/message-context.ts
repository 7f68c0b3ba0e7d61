import { buffer } from 'node:stream/consumers';
import { deliveryCapabilities } from '../domain/delivery/delivery.ts';
import type { DeliveryRecord } from '../domain/delivery/delivery.ts';
import { facts, idempotencyKeys } from '../domain/idempotency.ts';
import type {
  MessageAttachment,
  MessageContext,
  MessageDelivery,
  MessagePayment,
  MessageReference,
} from '../domain/message/message.ts';
import { pricedQuote } from '../domain/order/order-totals.ts';
import type { Order } from '../domain/order/order.ts';
import type { FileStore } from '../services/catalog/file-store.ts';
import { linkSeconds } from '../services/delivery/delivery-service.ts';
import type { DeliveryService } from '../services/delivery/delivery-service.ts';
import type { InvoiceService } from '../services/invoice/invoice-service.ts';
import type { OrderStore } from '../services/order/order-store.ts';
import type { PaymentService } from '../services/payment/payment-service.ts';

export interface MessageContextDeps {
  readonly store: OrderStore;
  readonly payments: PaymentService;
  readonly deliveries: DeliveryService;
  readonly invoices: InvoiceService;
  readonly files: FileStore;
  readonly invoiceLink: (invoiceId: string) => Promise<string>;
  readonly now: () => string;
}

/** Reads what a mail shows at the moment of sending, from the services that own it. Nothing of it is kept. */
export function createMessageContextLoader(deps: MessageContextDeps) {
  const { store, payments, deliveries, invoices, files, invoiceLink, now } = deps;

  async function showDelivery(record: DeliveryRecord, product: string): Promise<MessageDelivery> {
    const { details, method } = record;
    if (record.status !== 'delivered' || details === null) return { method, status: 'pending', product };
    switch (details.method) {
      case 'license':
        return { method: 'license', status: 'ready', product, keys: details.keys };
      case 'download': {
        const link = await deliveries.linkTo(record, { at: now(), ttlSeconds: linkSeconds.mail });
        if (link === null) return { method, status: 'pending', product };
        return { method: 'download', status: 'ready', product, filename: details.file, ...link };
      }
      case 'account':
        return { method: 'account', status: 'ready', product, loginUrl: details.loginUrl };
      case 'attachment':
        return { method: 'attachment', status: 'ready', product, filename: details.file };
    }
  }

  async function attach(records: readonly DeliveryRecord[]): Promise<MessageAttachment[]> {
    const names = records.flatMap(({ status, details }) =>
      status === 'delivered' && details?.method === 'attachment' ? [details.file] : [],
    );
    return Promise.all(
      [...new Set(names)].map(async (name) => {
        const { contentType, stream } = await files.openFile(name);
        return { filename: name, contentType, content: await buffer(stream) };
      }),
    );
  }

  return async (message: MessageReference): Promise<MessageContext> => {
    const order = await store.require(message.orderId);
    const records = await deliveriesToShow(deliveries, order, message);
    const productName = (line: string): string =>
      order.quote?.lines.find((one) => one.line === line)?.productName ?? '';
    const invoice = paidTemplates.includes(message.template) ? await invoices.findByFact(facts.sale(order.id)) : null;
    const refund = order.refunds.find(({ id }) => id === refundOf(message));
    return {
      order: showOrder(order),
      deliveries: await Promise.all(records.map((record) => showDelivery(record, productName(record.line)))),
      payment: message.template === 'order_received_payment_pending' ? await pendingPayment(payments, order.id) : null,
      refund:
        refund === undefined
          ? null
          : {
              amount: refund.amount,
              lines: refund.lines.map(productName),
              creditNoteUrl: refund.creditNote === null ? null : await invoiceLink(refund.creditNote),
            },
      links: { order: null, invoice: invoice === null ? null : await invoiceLink(invoice.id) },
      attachments: await attach(records),
    };
  };
}

/** The id of the refund that a message speaks of; null when it speaks of none. */
function refundOf({ template, data }: MessageReference): string | null {
  if (template === 'tax_given_back') return idempotencyKeys.taxRefund;
  return data['line'] === undefined ? null : idempotencyKeys.undeliverableRefund(data['line']);
}

/** A confirmation shows everything that can be had; a late delivery only what partners had kept us waiting for. */
async function deliveriesToShow(
  deliveries: DeliveryService,
  order: Order,
  { template }: MessageReference,
): Promise<readonly DeliveryRecord[]> {
  if (!deliveryTemplates.includes(template)) return [];
  const begun = await deliveries.deliveriesOfLines(order.id, order.quote?.lines ?? []);
  const possible = begun.filter(({ status }) => status !== 'impossible');
  return template === 'delivery_ready'
    ? possible.filter(({ method }) => deliveryCapabilities[method].partner)
    : possible;
}

const deliveryTemplates: readonly string[] = ['order_confirmed', 'delivery_delayed', 'delivery_ready'];
const taxTemplates: readonly string[] = ['tax_given_back', 'tax_kept_id_unknown', 'tax_kept_register_away'];
const paidTemplates: readonly string[] = [...deliveryTemplates, ...taxTemplates, 'line_refunded'];

function showOrder(order: Order): MessageContext['order'] {
  const quote = order.quote === null && order.status === 'rejected' ? null : pricedQuote(order);
  return {
    number: order.number,
    customerName: order.customer.name,
    placedAt: order.createdAt,
    currency: order.currency,
    lines: (quote?.lines ?? []).map(({ productName, quantity, gross }) => ({ name: productName, quantity, gross })),
    net: quote?.net ?? 0,
    tax: quote?.tax ?? 0,
    gross: quote?.gross ?? 0,
    withdrawalWaiver: waivesWithdrawal(order),
  };
}

/** Only a consumer has the right of withdrawal that can be given up (Directive 2011/83/EU art. 16(m)). */
function waivesWithdrawal({ customer, consents }: Order): boolean {
  return customer.type === 'consumer' && consents.immediateDelivery && consents.withdrawalWaiver;
}

async function pendingPayment(payments: PaymentService, orderId: string): Promise<MessagePayment | null> {
  const last = (await payments.find(orderId))?.attempts.at(-1);
  if (last === undefined) return null;
  return {
    kind: last.status === 'action_required' ? 'authentication' : 'transfer',
    url: last.actionUrl,
    expiresAt: null,
  };
}

import { buffer } from 'node:stream/consumers';
import { deliveryCapabilities } from '../domain/delivery/delivery.ts';
import type { DeliveryRecord } from '../domain/delivery/delivery.ts';
import { facts, idempotencyKeys } from '../domain/idempotency.ts';
import { readSubscriptionFacts } from '../domain/message/message-facts.ts';
import type {
  MessageAttachment,
  MessageContext,
  MessageDelivery,
  MessagePayment,
  MessageReference,
} from '../domain/message/message.ts';
import { chargedOf, pricedQuote } from '../domain/order/order-totals.ts';
import type { Locale, Order } from '../domain/order/order.ts';
import type { FileStore } from '../services/catalog/file-store.ts';
import { linkSeconds } from '../services/delivery/delivery-service.ts';
import type { DeliveryService } from '../services/delivery/delivery-service.ts';
import type { InvoiceService } from '../services/invoice/invoice-service.ts';
import type { OrderStore } from '../services/order/order-store.ts';
import type { PaymentService } from '../services/payment/payment-service.ts';
import type { RefundStore } from '../services/refund/refund-store.ts';
import type { WithdrawalStore } from '../services/withdrawal/withdrawal-store.ts';

export interface MessageContextDeps {
  readonly store: OrderStore;
  readonly payments: PaymentService;
  readonly deliveries: DeliveryService;
  readonly invoices: InvoiceService;
  readonly files: FileStore;
  readonly refunds: Pick<RefundStore, 'find'>;
  readonly withdrawals: Pick<WithdrawalStore, 'require'>;
  readonly invoiceLink: (invoiceId: string) => Promise<string>;
  /** The page on which a contract is withdrawn from (clients/withdrawal). */
  readonly withdrawalUrl: (orderNumber: string, locale: Locale) => string;
  /** Where customers look after their subscriptions; null: they answer the mail. */
  readonly portalUrl: string | null;
  readonly now: () => string;
}

/** Reads what a mail shows at the moment of sending, from the services that own it. Nothing of it is kept. */
export function createMessageContextLoader(deps: MessageContextDeps) {
  const {
    store,
    payments,
    deliveries,
    invoices,
    files,
    refunds,
    withdrawals,
    invoiceLink,
    withdrawalUrl,
    portalUrl,
    now,
  } = deps;

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

  /** What is taken back stands on the order; a request that was refused only in its own record. */
  async function showRefund(order: Order, message: MessageReference): Promise<MessageContext['refund']> {
    const ids = refundsOf(message);
    const taken = order.refunds.find(({ id }) => ids.includes(id));
    const [id] = taken === undefined ? ids : [taken.id];
    const record = id === undefined ? null : await refunds.find(id);
    const refund = taken ?? record;
    if (refund === null) return null;
    const lines = taken?.lines ?? record?.parts.map(({ line }) => line) ?? [];
    return {
      amount: refund.amount,
      lines: lines.map((line) => productName(order, line)),
      creditNoteUrl: refund.creditNote === null ? null : await invoiceLink(refund.creditNote),
      explanation: record?.judgement?.explanation[order.customer.locale] ?? null,
      appealUntil: record?.appealUntil ?? null,
    };
  }

  return async (message: MessageReference): Promise<MessageContext> => {
    const order = await store.require(message.orderId);
    const records = await deliveriesToShow(deliveries, order, message);
    const invoice = paidTemplates.includes(message.template) ? await invoices.findByFact(facts.sale(order.id)) : null;
    return {
      order: showOrder(order),
      deliveries: await Promise.all(records.map((record) => showDelivery(record, productName(order, record.line)))),
      payment: message.template === 'order_received_payment_pending' ? await pendingPayment(payments, order.id) : null,
      refund: await showRefund(order, message),
      withdrawal: await showWithdrawal(withdrawals, message),
      subscription: showSubscription(order, message, portalUrl),
      links: {
        order: null,
        invoice: invoice === null ? null : await invoiceLink(invoice.id),
        withdrawal: hasRightToWithdraw(order, message) ? withdrawalUrl(order.number, message.locale) : null,
      },
      attachments: await attach(records),
    };
  };
}

/** Mails about one charge, which is that of their order. */
const chargeTemplates: readonly string[] = [
  'payment_failed',
  'payment_last_notice',
  'access_restricted',
  'access_suspended',
  'subscription_renewed',
  'subscription_recovered',
];

function productName({ quote }: Order, line: string): string {
  return quote?.lines.find((one) => one.line === line)?.productName ?? '';
}

/** The facts are those that the message was queued with; what it is called stands on the order. */
function showSubscription(
  order: Order,
  { template, data }: MessageReference,
  portalUrl: string | null,
): MessageContext['subscription'] {
  const facts = readSubscriptionFacts(data);
  if (facts === null) return null;
  const lines = order.quote?.lines ?? [];
  const recurring = lines.filter(({ recurring }) => recurring !== null);
  const items = (recurring.length > 0 ? recurring : lines).map(({ productName }) => productName);
  const amount = facts.amount ?? (chargeTemplates.includes(template) ? chargedOf(order) : null);
  const manageUrl = portalUrl === null ? null : `${portalUrl}/subscriptions/${facts.subscription}`;
  const surveyUrl = manageUrl === null ? null : `${manageUrl}/survey`;
  return { facts: { ...facts, amount }, items: [...new Set(items)], manageUrl, surveyUrl };
}

/** Consumers, in the mail that confirms a contract: there the law wants to see the way out. */
function hasRightToWithdraw({ customer }: Order, { template }: MessageReference): boolean {
  return customer.type === 'consumer' && (template === 'order_confirmed' || template === 'subscription_started');
}

/** The statement that a mail acknowledges; null for every other mail. */
async function showWithdrawal(
  withdrawals: MessageContextDeps['withdrawals'],
  { data }: MessageReference,
): Promise<MessageContext['withdrawal']> {
  if (data['withdrawal'] === undefined) return null;
  const { _id: id, name, orderNumber, email, receivedAt } = await withdrawals.require(data['withdrawal']);
  return { id, name, orderNumber, email, receivedAt };
}

/** The refund that a message speaks of, under its name of today or from before refunds had a record of their own. */
function refundsOf({ template, data, orderId }: MessageReference): readonly string[] {
  if (template === 'tax_given_back') return [idempotencyKeys.refundOfTax(orderId), idempotencyKeys.taxRefund];
  if (data['refund'] !== undefined) return [data['refund']];
  const line = data['line'];
  if (line === undefined) return [];
  return [idempotencyKeys.refundOfLine(orderId, line), idempotencyKeys.undeliverableRefund(line)];
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
const receiptTemplates: readonly string[] = [
  'subscription_started',
  'subscription_renewed',
  'subscription_recovered',
  'plan_changed',
];
const paidTemplates: readonly string[] = [...deliveryTemplates, ...taxTemplates, ...receiptTemplates, 'line_refunded'];

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

import type { OrderView } from '../../clients/http/order-view.ts';
import { taxSummary } from '../../domain/invoice/invoice-content.ts';
import type { Outcome } from '../samples/sample-schema.ts';
import { refundsOf } from './refund-acts.ts';
import type { SeenRefund } from './refund-acts.ts';
import type { MailInInbox, PartnerWorld, PaymentAtPartner } from '../system/partner-world.ts';
import type { BillingDocumentAnswer, WaybillApi } from '../system/waybill-api.ts';

/** Everything that can be seen of an order from outside. */
export interface Observation {
  readonly order: OrderView;
  readonly invoice: BillingDocumentAnswer | null;
  readonly creditNotes: readonly BillingDocumentAnswer[];
  readonly refunds: readonly SeenRefund[];
  readonly payments: readonly PaymentAtPartner[];
  readonly mails: readonly MailInInbox[];
}

export async function observe(
  { api, world }: { readonly api: WaybillApi; readonly world: PartnerWorld },
  { orderId, email }: { readonly orderId: string; readonly email: string },
): Promise<Observation> {
  const order = await api.order(orderId);
  const [invoice, creditNotes, refunds, payments, mails] = await Promise.all([
    order.invoice === null ? null : api.invoice(order.invoice.id),
    Promise.all(order.creditNotes.map(({ id }) => api.invoice(id))),
    refundsOf({ api }, orderId),
    world.payments(orderId),
    world.mailsTo(email),
  ]);
  return { order, invoice, creditNotes, refunds, payments, mails };
}

/** The observation in the words of a sample's expectation; of the timeline only the `events` that are expected,
 * refunds where they are the point. */
export function outcomeOf(
  { order, ...rest }: Observation,
  { events: expectedEvents, refunds }: Pick<Outcome, 'events' | 'refunds'>,
): Outcome {
  const { status, statusReason, refundStatus, payment, timeline } = order;
  const happened = timeline.map(({ event }) => event);
  return {
    status,
    statusReason,
    refundStatus,
    amounts: order.amounts ?? notPriced,
    taxes: taxSummary(order.lines).map((tax) => ({ ...tax })),
    payment: {
      status: payment.status,
      gateway: payment.gateway,
      attempts: payment.attempts.map(({ gateway, status, declineCode }) => ({ gateway, status, declineCode })),
    },
    deliveries: deliveriesOf(order),
    invoice: rest.invoice === null ? null : invoiceOf(rest.invoice),
    ...(refunds === undefined ? {} : { refunds: [...rest.refunds] }),
    creditNotes: rest.creditNotes.map(({ net, tax, gross, currency }) => ({ net, tax, gross, currency })),
    acquirers: rest.payments.map(({ acquirer, currency, captured, refunded }) => {
      return { acquirer, currency, captured, refunded };
    }),
    mails: mailsOf(order.number, rest.mails),
    events: expectedEvents.filter((event) => happened.includes(event)),
  };
}

function deliveriesOf({ deliveries }: OrderView): Outcome['deliveries'] {
  return deliveries
    .map(({ line, method, status, details }) => ({
      line,
      method,
      status,
      reason: details.reason ?? null,
      licenseKeys: new Set(details.licenseKeys).size,
    }))
    .sort((a, b) => compare(`${a.line} ${a.method}`, `${b.line} ${b.method}`));
}

function invoiceOf({ net, tax, gross, currency, placeOfSupply, reverseCharge }: BillingDocumentAnswer) {
  const { country, region } = placeOfSupply;
  return { net, tax, gross, currency, placeOfSupply: { country, region }, reverseCharge };
}

function mailsOf(number: string, mails: readonly MailInInbox[]): Outcome['mails'] {
  return mails
    .map(({ subject, attachments }) => ({
      subject: subject.replace(number, '{number}'),
      attachments: attachments.map(({ filename }) => filename ?? 'unnamed'),
    }))
    .sort((a, b) => compare(a.subject, b.subject));
}

/** The expectation in the same order as the observation. */
export function inObservedOrder(expected: Outcome): Outcome {
  return {
    ...expected,
    deliveries: expected.deliveries.toSorted((a, b) => compare(`${a.line} ${a.method}`, `${b.line} ${b.method}`)),
    mails: expected.mails.toSorted((a, b) => compare(a.subject, b.subject)),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const notPriced = { currency: 'not priced', net: 0, discount: 0, tax: 0, gross: 0 };

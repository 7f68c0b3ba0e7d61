import type { LocalizedFormat } from '../../domain/message/localized.ts';
import type { MessageContext, MessageDelivery } from '../../domain/message/message.ts';
import type { Locale } from '../../domain/order/order.ts';
import { assertNever } from '../../domain/state-machine.ts';
import { greetings } from './message-words.ts';
import { subscriptionView } from './subscription-view.ts';
import type { SubscriptionView } from './subscription-view.ts';
import { webAddress } from './web-address.ts';

/** What templates see as `it`: words and yes/no only, formatted for the reader; absent things are null or empty. */
export interface MailView {
  readonly greeting: string;
  readonly number: string;
  readonly placedAt: string;
  readonly lines: readonly {
    readonly name: string;
    readonly quantity: string;
    readonly several: boolean;
    readonly gross: string;
  }[];
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  /** Nothing had to be paid. */
  readonly free: boolean;
  readonly withdrawalWaiver: boolean;
  readonly ready: readonly ReadyDelivery[];
  readonly pending: readonly string[];
  readonly authentication: boolean;
  readonly paymentUrl: string | null;
  readonly paymentExpires: string | null;
  readonly refunded: string;
  readonly refundedLines: readonly string[];
  readonly creditNoteUrl: string | null;
  /** Why a refund was decided as it was; empty where nothing had to be judged. */
  readonly explanation: string;
  /** Empty where nothing can be appealed. */
  readonly appealUntil: string;
  /** The statement of withdrawal that is acknowledged. */
  readonly withdrawal: MessageContext['withdrawal'];
  readonly subscription: SubscriptionView | null;
  readonly orderUrl: string | null;
  readonly invoiceUrl: string | null;
  readonly withdrawalUrl: string | null;
}

interface ReadyDelivery {
  readonly product: string;
  readonly keys: readonly string[];
  readonly attached: string | null;
  readonly downloadUrl: string | null;
  readonly filename: string;
  readonly expires: string | null;
  readonly loginUrl: string | null;
}

export function mailView(context: MessageContext, locale: Locale, format: LocalizedFormat): MailView {
  const { order, deliveries, payment, refund, withdrawal, subscription, links } = context;
  const money = (amount: number) => format.money(amount, order.currency);
  return {
    greeting: greetings[locale](order.customerName),
    number: order.number,
    placedAt: format.date(order.placedAt),
    lines: order.lines.map(({ name, quantity, gross }) => ({
      name,
      quantity: format.number(quantity),
      several: quantity !== 1,
      gross: money(gross),
    })),
    net: money(order.net),
    tax: money(order.tax),
    gross: money(order.gross),
    free: order.gross === 0,
    withdrawalWaiver: order.withdrawalWaiver,
    ready: deliveries.flatMap((delivery) => readyDelivery(delivery, format)),
    pending: deliveries.filter(({ status }) => status === 'pending').map(({ product }) => product),
    authentication: payment?.kind === 'authentication',
    paymentUrl: webAddress(payment?.url ?? null),
    paymentExpires: payment?.expiresAt == null ? null : format.dateTime(payment.expiresAt),
    refunded: money(refund?.amount ?? 0),
    refundedLines: refund?.lines ?? [],
    creditNoteUrl: webAddress(refund?.creditNoteUrl ?? null),
    explanation: refund?.explanation ?? '',
    appealUntil: refund?.appealUntil == null ? '' : format.dateTime(refund.appealUntil),
    withdrawal: withdrawal === null ? null : { ...withdrawal, receivedAt: format.dateTime(withdrawal.receivedAt) },
    subscription: subscription === null ? null : subscriptionView(subscription, order.currency, locale, format),
    orderUrl: webAddress(links.order),
    invoiceUrl: webAddress(links.invoice),
    withdrawalUrl: webAddress(links.withdrawal),
  };
}

function readyDelivery(delivery: MessageDelivery, format: LocalizedFormat): ReadyDelivery[] {
  if (delivery.status === 'pending') return [];
  const nothing = { keys: [], attached: null, downloadUrl: null, filename: '', expires: null, loginUrl: null };
  const { product } = delivery;
  switch (delivery.method) {
    case 'license':
      return [{ ...nothing, product, keys: delivery.keys }];
    case 'download': {
      const { url, filename, expiresAt } = delivery;
      const expires = expiresAt === null ? null : format.dateTime(expiresAt);
      return [{ ...nothing, product, filename, downloadUrl: webAddress(url), expires }];
    }
    case 'account':
      return [{ ...nothing, product, loginUrl: webAddress(delivery.loginUrl) }];
    case 'attachment':
      return [{ ...nothing, product, attached: delivery.filename }];
    default:
      return assertNever(delivery);
  }
}

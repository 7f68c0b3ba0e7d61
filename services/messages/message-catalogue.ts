import type { MessageTemplate } from '../../domain/message/message.ts';
import type { Locale } from '../../domain/order/order.ts';
import type { Opening } from './opening.ts';
import { refundOpenings } from './refund-openings.ts';
import { subscriptionOpenings } from './subscription-openings.ts';

/** Every template in every language. One that is missing here does not compile; its body is templates/<name>/<locale>.mjml. */
export const messageCatalogue: Readonly<Record<MessageTemplate, Readonly<Record<Locale, Opening>>>> = {
  order_received_payment_pending: {
    en: { subject: 'Order <%= it.number %>: waiting for your payment', preheader: 'One step is left.' },
    de: { subject: 'Bestellung <%= it.number %>: Zahlung noch offen', preheader: 'Ein Schritt fehlt noch.' },
  },
  order_in_review: {
    en: { subject: 'Order <%= it.number %>: we are checking it', preheader: 'You do not need to do anything.' },
    de: { subject: 'Bestellung <%= it.number %>: wir prüfen sie', preheader: 'Sie müssen nichts tun.' },
  },
  order_confirmed: {
    en: { subject: 'Order <%= it.number %> confirmed', preheader: 'Here is what you bought.' },
    de: { subject: 'Bestellung <%= it.number %> bestätigt', preheader: 'Hier ist, was Sie gekauft haben.' },
  },
  delivery_ready: {
    en: { subject: 'Order <%= it.number %>: now complete', preheader: 'The rest of your order is ready.' },
    de: {
      subject: 'Bestellung <%= it.number %>: jetzt vollständig',
      preheader: 'Der Rest Ihrer Bestellung ist bereit.',
    },
  },
  delivery_delayed: {
    en: { subject: 'Order <%= it.number %>: a part takes longer', preheader: 'We are working on it.' },
    de: { subject: 'Bestellung <%= it.number %>: ein Teil verspätet sich', preheader: 'Wir arbeiten daran.' },
  },
  line_refunded: {
    en: { subject: 'Order <%= it.number %>: <%= it.refunded %> refunded', preheader: 'We could not deliver a part.' },
    de: {
      subject: 'Bestellung <%= it.number %>: <%= it.refunded %> erstattet',
      preheader: 'Einen Teil konnten wir nicht liefern.',
    },
  },
  tax_given_back: {
    en: {
      subject: 'Order <%= it.number %>: <%= it.refunded %> tax refunded',
      preheader: 'Your business tax ID is confirmed.',
    },
    de: {
      subject: 'Bestellung <%= it.number %>: <%= it.refunded %> Steuer erstattet',
      preheader: 'Ihre USt-IdNr. ist bestätigt.',
    },
  },
  tax_kept_id_unknown: {
    en: {
      subject: 'Order <%= it.number %>: business tax ID not valid',
      preheader: 'The tax on your invoice stays.',
    },
    de: {
      subject: 'Bestellung <%= it.number %>: USt-IdNr. nicht gültig',
      preheader: 'Die Steuer auf Ihrer Rechnung bleibt bestehen.',
    },
  },
  tax_kept_register_away: {
    en: {
      subject: 'Order <%= it.number %>: business tax ID not confirmed',
      preheader: 'The tax on your invoice stays for now.',
    },
    de: {
      subject: 'Bestellung <%= it.number %>: USt-IdNr. nicht bestätigt',
      preheader: 'Die Steuer auf Ihrer Rechnung bleibt vorerst bestehen.',
    },
  },
  payment_declined: {
    en: { subject: 'Order <%= it.number %>: payment declined', preheader: 'Nothing was charged.' },
    de: { subject: 'Bestellung <%= it.number %>: Zahlung abgelehnt', preheader: 'Es wurde nichts abgebucht.' },
  },
  payment_expired: {
    en: { subject: 'Order <%= it.number %>: time to pay has run out', preheader: 'Nothing was charged.' },
    de: { subject: 'Bestellung <%= it.number %>: Zahlungsfrist abgelaufen', preheader: 'Es wurde nichts abgebucht.' },
  },
  order_cancelled: {
    en: { subject: 'Order <%= it.number %> cancelled', preheader: 'You pay nothing for it.' },
    de: { subject: 'Bestellung <%= it.number %> storniert', preheader: 'Sie zahlen dafür nichts.' },
  },
  order_rejected: {
    en: { subject: 'Order <%= it.number %> not accepted', preheader: 'You pay nothing for it.' },
    de: { subject: 'Bestellung <%= it.number %> nicht angenommen', preheader: 'Sie zahlen dafür nichts.' },
  },
  withdrawal_received: {
    en: {
      subject: 'Order <%= it.number %>: we have received your withdrawal',
      preheader: 'What you stated, and when.',
    },
    de: {
      subject: 'Bestellung <%= it.number %>: Ihr Widerruf ist eingegangen',
      preheader: 'Was Sie erklärt haben, und wann.',
    },
  },
  ...subscriptionOpenings,
  ...refundOpenings,
};

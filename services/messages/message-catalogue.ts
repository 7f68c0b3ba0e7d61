import type { MessageTemplate } from '../../domain/message/message.ts';
import type { Locale } from '../../domain/order/order.ts';

/** Eta text: `it` is the MailView. */
interface Opening {
  readonly subject: string;
  /** What an inbox shows beside the subject. */
  readonly preheader: string;
}

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
};

/** Words that layout and partials share. */
export const sharedWords = {
  en: {
    net: 'Net',
    tax: 'Tax',
    total: 'Total',
    licenseKey: 'Your licence key:',
    licenseKeys: 'Your licence keys:',
    attached: 'Attached: <%= delivery.attached %>',
    download: 'Download <%= delivery.filename %>',
    linkExpires: 'This link works until <%= delivery.expires %>.',
    logIn: 'Log in',
    invoice: 'Your invoice',
    creditNote: 'Your credit note',
    withdrawalWaiver:
      'You asked us to deliver digital content immediately and acknowledged that you thereby lose your right of withdrawal. This message confirms it.',
    viewOrder: 'View your order',
    questions: 'Questions? Just reply to this message and give your order number <%= it.number %>.',
  },
  de: {
    net: 'Netto',
    tax: 'Steuer',
    total: 'Gesamt',
    licenseKey: 'Ihr Lizenzschlüssel:',
    licenseKeys: 'Ihre Lizenzschlüssel:',
    attached: 'Im Anhang: <%= delivery.attached %>',
    download: '<%= delivery.filename %> herunterladen',
    linkExpires: 'Dieser Link gilt bis <%= delivery.expires %>.',
    logIn: 'Anmelden',
    invoice: 'Ihre Rechnung',
    creditNote: 'Ihre Rechnungskorrektur',
    withdrawalWaiver:
      'Sie haben verlangt, dass wir digitale Inhalte sofort bereitstellen, und zur Kenntnis genommen, dass Sie dadurch Ihr Widerrufsrecht verlieren. Diese Nachricht bestätigt das.',
    viewOrder: 'Bestellung ansehen',
    questions: 'Fragen? Antworten Sie einfach auf diese Nachricht und nennen Sie Ihre Bestellnummer <%= it.number %>.',
  },
} as const satisfies Record<Locale, Record<string, string>>;

export const greetings: Readonly<Record<Locale, (name: string) => string>> = {
  en: (name) => `Hello ${name},`,
  de: (name) => `Guten Tag ${name},`,
};

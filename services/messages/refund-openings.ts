import type { RefundTemplate } from '../../domain/message/message.ts';
import type { Locale } from '../../domain/order/order.ts';
import type { Opening } from './opening.ts';

/** Mails about a refund; their bodies are templates/<name>/<locale>.mjml. */
export const refundOpenings: Readonly<Record<RefundTemplate, Readonly<Record<Locale, Opening>>>> = {
  refund_requested: {
    en: { subject: 'Order <%= it.number %>: your refund request', preheader: 'We are looking at it.' },
    de: { subject: 'Bestellung <%= it.number %>: Ihre Erstattungsanfrage', preheader: 'Wir prüfen sie.' },
  },
  refund_approved: {
    en: { subject: 'Order <%= it.number %>: refund approved', preheader: '<%= it.refunded %> is on its way back.' },
    de: { subject: 'Bestellung <%= it.number %>: Erstattung genehmigt', preheader: '<%= it.refunded %> gehen zurück.' },
  },
  refund_refused: {
    en: { subject: 'Order <%= it.number %>: no refund', preheader: 'The reason, and how to appeal.' },
    de: {
      subject: 'Bestellung <%= it.number %>: keine Erstattung',
      preheader: 'Der Grund, und wie Sie widersprechen.',
    },
  },
  refund_done: {
    en: {
      subject: 'Order <%= it.number %>: <%= it.refunded %> refunded',
      preheader: 'The money goes back the way you paid.',
    },
    de: {
      subject: 'Bestellung <%= it.number %>: <%= it.refunded %> erstattet',
      preheader: 'Das Geld geht auf Ihr Zahlungsmittel zurück.',
    },
  },
  refund_to_store_credit: {
    en: { subject: 'Order <%= it.number %>: <%= it.refunded %> credited', preheader: 'Use it for your next order.' },
    de: {
      subject: 'Bestellung <%= it.number %>: <%= it.refunded %> gutgeschrieben',
      preheader: 'Verwenden Sie es für Ihre nächste Bestellung.',
    },
  },
  refund_failed: {
    en: { subject: 'Order <%= it.number %>: refund delayed', preheader: 'The money is still yours.' },
    de: { subject: 'Bestellung <%= it.number %>: Erstattung verzögert', preheader: 'Das Geld bleibt Ihres.' },
  },
  refund_reversed: {
    en: { subject: 'Order <%= it.number %>: your refund came back', preheader: 'Please tell us how to return it.' },
    de: {
      subject: 'Bestellung <%= it.number %>: Ihre Erstattung kam zurück',
      preheader: 'Bitte sagen Sie uns, wohin wir sie senden sollen.',
    },
  },
};

import type { SubscriptionTemplate } from '../../domain/message/message.ts';
import type { Locale } from '../../domain/order/order.ts';
import type { Opening } from './opening.ts';

/** Mails about a subscription; their bodies are templates/<name>/<locale>.mjml. */
export const subscriptionOpenings: Readonly<Record<SubscriptionTemplate, Readonly<Record<Locale, Opening>>>> = {
  subscription_started: {
    en: {
      subject: 'Your subscription to <%= it.subscription.items %> has started',
      preheader: 'This is what you pay, and how you cancel.',
    },
    de: {
      subject: 'Ihr Abonnement von <%= it.subscription.items %> hat begonnen',
      preheader: 'Das zahlen Sie, und so kündigen Sie.',
    },
  },
  trial_ending: {
    en: {
      subject: 'Your trial of <%= it.subscription.items %> ends on <%= it.subscription.from %>',
      preheader: 'What happens then, and how you cancel.',
    },
    de: {
      subject: 'Ihr Probezeitraum von <%= it.subscription.items %> endet am <%= it.subscription.from %>',
      preheader: 'Was dann geschieht, und wie Sie kündigen.',
    },
  },
  trial_ended: {
    en: { subject: 'Your trial of <%= it.subscription.items %> has ended', preheader: 'Nothing was charged.' },
    de: {
      subject: 'Ihr Probezeitraum von <%= it.subscription.items %> ist beendet',
      preheader: 'Es wurde nichts abgebucht.',
    },
  },
  renewal_reminder: {
    en: {
      subject: '<%= it.subscription.items %> renews on <%= it.subscription.from %>',
      preheader: 'We then charge <%= it.subscription.amount %>.',
    },
    de: {
      subject: '<%= it.subscription.items %> verlängert sich am <%= it.subscription.from %>',
      preheader: 'Wir buchen dann <%= it.subscription.amount %> ab.',
    },
  },
  subscription_renewed: {
    en: {
      subject: '<%= it.subscription.items %>: payment received',
      preheader: 'Paid for until <%= it.subscription.until %>.',
    },
    de: {
      subject: '<%= it.subscription.items %>: Zahlung erhalten',
      preheader: 'Bezahlt bis <%= it.subscription.until %>.',
    },
  },
  payment_failed: {
    en: { subject: '<%= it.subscription.items %>: payment failed', preheader: 'Here is what you can do.' },
    de: { subject: '<%= it.subscription.items %>: Zahlung fehlgeschlagen', preheader: 'Das können Sie tun.' },
  },
  payment_last_notice: {
    en: {
      subject: '<%= it.subscription.items %>: last notice of an open payment',
      preheader: 'Please act before your access ends.',
    },
    de: {
      subject: '<%= it.subscription.items %>: letzte Erinnerung an eine offene Zahlung',
      preheader: 'Bitte handeln Sie, bevor Ihr Zugang endet.',
    },
  },
  access_restricted: {
    en: { subject: '<%= it.subscription.items %>: access restricted', preheader: 'It is back the moment you pay.' },
    de: {
      subject: '<%= it.subscription.items %>: Zugang eingeschränkt',
      preheader: 'Sobald Sie zahlen, ist alles wieder da.',
    },
  },
  access_suspended: {
    en: { subject: '<%= it.subscription.items %>: access suspended', preheader: 'It is back the moment you pay.' },
    de: {
      subject: '<%= it.subscription.items %>: Zugang gesperrt',
      preheader: 'Sobald Sie zahlen, ist er wieder frei.',
    },
  },
  subscription_recovered: {
    en: { subject: '<%= it.subscription.items %>: everything is paid', preheader: 'You have full access.' },
    de: { subject: '<%= it.subscription.items %>: alles ist bezahlt', preheader: 'Sie haben vollen Zugang.' },
  },
  subscription_cancelled: {
    en: { subject: '<%= it.subscription.items %>: cancelled', preheader: 'Nothing more will be charged.' },
    de: { subject: '<%= it.subscription.items %>: gekündigt', preheader: 'Es wird nichts mehr abgebucht.' },
  },
  subscription_reactivated: {
    en: { subject: '<%= it.subscription.items %> goes on', preheader: 'Your cancellation is taken back.' },
    de: { subject: '<%= it.subscription.items %> läuft weiter', preheader: 'Ihre Kündigung ist zurückgenommen.' },
  },
  subscription_paused: {
    en: { subject: '<%= it.subscription.items %> is paused', preheader: 'Nothing will be charged during the pause.' },
    de: { subject: '<%= it.subscription.items %> pausiert', preheader: 'Während der Pause wird nichts abgebucht.' },
  },
  pause_ending: {
    en: {
      subject: 'Your paused subscription to <%= it.subscription.items %> ends on <%= it.subscription.from %>',
      preheader: 'Unless you end the pause before that day.',
    },
    de: {
      subject: 'Ihr pausiertes Abonnement von <%= it.subscription.items %> endet am <%= it.subscription.from %>',
      preheader: 'Es sei denn, Sie beenden die Pause vorher.',
    },
  },
  subscription_resumed: {
    en: { subject: '<%= it.subscription.items %> goes on again', preheader: 'The pause is over.' },
    de: { subject: '<%= it.subscription.items %> läuft wieder', preheader: 'Die Pause ist vorbei.' },
  },
  plan_changed: {
    en: { subject: 'Your plan is now <%= it.subscription.items %>', preheader: 'This is what it costs.' },
    de: { subject: 'Ihr Tarif ist jetzt <%= it.subscription.items %>', preheader: 'Das kostet er.' },
  },
  price_change_notice: {
    en: {
      subject: '<%= it.subscription.items %>: new price from <%= it.subscription.from %>',
      preheader: 'You then pay <%= it.subscription.amount %>.',
    },
    de: {
      subject: '<%= it.subscription.items %>: neuer Preis ab <%= it.subscription.from %>',
      preheader: 'Sie zahlen dann <%= it.subscription.amount %>.',
    },
  },
  annual_reminder: {
    en: {
      subject: 'You are subscribed to <%= it.subscription.items %>',
      preheader: 'What you pay, and how you cancel.',
    },
    de: {
      subject: 'Sie haben <%= it.subscription.items %> abonniert',
      preheader: 'Was Sie zahlen, und wie Sie kündigen.',
    },
  },
  usage_alert: {
    en: {
      subject: '<%= it.subscription.items %>: <%= it.subscription.used %> of <%= it.subscription.limit %> used',
      preheader: 'Your use in the current period.',
    },
    de: {
      subject: '<%= it.subscription.items %>: <%= it.subscription.used %> von <%= it.subscription.limit %> verbraucht',
      preheader: 'Ihre Nutzung im laufenden Zeitraum.',
    },
  },
};

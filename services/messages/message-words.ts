import type { Locale } from '../../domain/order/order.ts';

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
    withdraw: 'Withdraw from contract here',
    viewOrder: 'View your order',
    questions: 'Questions? Just reply to this message and give your order number <%= it.number %>.',
    cancelByLink: 'You can cancel at any time, in one step:',
    cancelLink: 'manage or cancel your subscription',
    cancelByMail: 'You can cancel at any time: just reply to this message with the word “cancel”.',
    manage: 'Manage your subscription',
    payNow: 'Pay now or change your card',
    payByMail: 'Reply to this message, and we will send you a secure link to pay or to give another card.',
    advice_new_method:
      'Your bank says that this card can no longer be used. Please give us another card or payment method; we will not charge the old one again.',
    advice_confirm:
      'Your bank wants you to confirm the payment yourself. Please open the payment page and confirm it with your bank; without you we cannot go on.',
    advice_update_data:
      'The data of your card are no longer right: it may have expired or been replaced. Please enter the new data.',
    advice_funds: 'There was not enough money available. Please make sure that there is, or use another card.',
    advice_ask_bank: 'Your bank did not say why. It can tell you; or use another card.',
    advice_nothing: 'It was a technical problem. You do not need to do anything.',
    nextRetry: 'We will try again on <%= it.subscription.retryAt %>.',
    stage_grace: 'You keep full access until <%= it.subscription.stageUntil %>. After that day it will be restricted.',
    stage_restricted:
      'Your access will be suspended on <%= it.subscription.stageUntil %> if the payment is still missing.',
    stage_suspended: 'Your subscription ends on <%= it.subscription.stageUntil %> if the payment is still missing.',
    exitSurvey: 'Would you tell us why? It takes one minute.',
    exitByMail: 'If you like, reply to this message and tell us why: it helps us to do better.',
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
    withdraw: 'Vertrag widerrufen',
    viewOrder: 'Bestellung ansehen',
    questions: 'Fragen? Antworten Sie einfach auf diese Nachricht und nennen Sie Ihre Bestellnummer <%= it.number %>.',
    cancelByLink: 'Sie können jederzeit kündigen, in einem Schritt:',
    cancelLink: 'Abonnement verwalten oder kündigen',
    cancelByMail: 'Sie können jederzeit kündigen: Antworten Sie einfach auf diese Nachricht mit dem Wort „kündigen“.',
    manage: 'Abonnement verwalten',
    payNow: 'Jetzt zahlen oder Karte ändern',
    payByMail:
      'Antworten Sie auf diese Nachricht, dann senden wir Ihnen einen sicheren Link, um zu zahlen oder eine andere Karte anzugeben.',
    advice_new_method:
      'Ihre Bank sagt, dass diese Karte nicht mehr verwendet werden kann. Bitte geben Sie uns eine andere Karte oder Zahlungsart; die alte belasten wir nicht noch einmal.',
    advice_confirm:
      'Ihre Bank möchte, dass Sie die Zahlung selbst bestätigen. Bitte öffnen Sie die Zahlungsseite und bestätigen Sie sie bei Ihrer Bank; ohne Sie kommen wir nicht weiter.',
    advice_update_data:
      'Die Daten Ihrer Karte stimmen nicht mehr: Vielleicht ist sie abgelaufen oder wurde ersetzt. Bitte geben Sie die neuen Daten ein.',
    advice_funds:
      'Das Guthaben oder der Verfügungsrahmen reichte nicht aus. Bitte sorgen Sie für Deckung oder verwenden Sie eine andere Karte.',
    advice_ask_bank:
      'Ihre Bank hat keinen Grund genannt. Sie kann ihn Ihnen sagen; oder verwenden Sie eine andere Karte.',
    advice_nothing: 'Es war ein technisches Problem. Sie müssen nichts tun.',
    nextRetry: 'Wir versuchen es am <%= it.subscription.retryAt %> noch einmal.',
    stage_grace:
      'Sie behalten bis <%= it.subscription.stageUntil %> vollen Zugang. Nach diesem Tag wird er eingeschränkt.',
    stage_restricted:
      'Ihr Zugang wird am <%= it.subscription.stageUntil %> gesperrt, wenn die Zahlung dann noch fehlt.',
    stage_suspended: 'Ihr Abonnement endet am <%= it.subscription.stageUntil %>, wenn die Zahlung dann noch fehlt.',
    exitSurvey: 'Sagen Sie uns, warum? Es dauert eine Minute.',
    exitByMail:
      'Wenn Sie mögen, antworten Sie auf diese Nachricht und sagen Sie uns, warum: Es hilft uns, besser zu werden.',
  },
} as const satisfies Record<Locale, Record<string, string>>;

export const greetings: Readonly<Record<Locale, (name: string) => string>> = {
  en: (name) => `Hello ${name},`,
  de: (name) => `Guten Tag ${name},`,
};

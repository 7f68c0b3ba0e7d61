import { createLocalizedFormat } from '../message/localized.ts';
import type { Locale } from '../order/order.ts';
import type { Localized } from './data/policy-sources.ts';
import type { WithdrawalRule } from './data/withdrawal-rules.ts';
import type { Deadline } from './deadline.ts';
import type { Refundable } from './refund-decision.ts';

const formats = { en: createLocalizedFormat('en'), de: createLocalizedFormat('de') } satisfies Record<Locale, object>;

/** Several sentences as one text, in every language. */
export function joined(sentences: readonly Localized[]): Localized {
  return { en: sentences.map(({ en }) => en).join(' '), de: sentences.map(({ de }) => de).join(' ') };
}

/** Every sentence that a decision may consist of. Laws are cited in brackets, days are those of the customer's zone. */
export const words = {
  mayWithdraw: (law: Localized): Localized => ({
    en: `You may withdraw from this purchase without giving a reason (${law.en}).`,
    de: `Sie können diesen Kauf ohne Angabe von Gründen widerrufen (${law.de}).`,
  }),
  ownPolicy: (): Localized => ({
    en: 'Our own refund policy gives you your money back, which here is better for you than the law.',
    de: 'Nach unseren eigenen Erstattungsbedingungen erhalten Sie Ihr Geld zurück; sie sind hier günstiger für Sie als das Gesetz.',
  }),
  openUntil: (deadline: Deadline | null): Localized =>
    deadline === null
      ? { en: 'Your period has not begun yet.', de: 'Ihre Frist hat noch nicht begonnen.' }
      : {
          en: `Your period runs until the end of ${formats.en.date(deadline.lastDay)} (${deadline.zone} time).`,
          de: `Ihre Frist läuft bis zum Ende des ${formats.de.date(deadline.lastDay)} (Zeitzone ${deadline.zone}).`,
        },
  ended: (law: Localized, { lastDay, zone }: Deadline): Localized => ({
    en: `The period for withdrawing (${law.en}) ended with ${formats.en.date(lastDay)} (${zone} time).`,
    de: `Die Widerrufsfrist (${law.de}) endete mit dem ${formats.de.date(lastDay)} (Zeitzone ${zone}).`,
  }),
  ownEnded: ({ lastDay, zone }: Deadline): Localized => ({
    en: `The period of our own refund policy ended with ${formats.en.date(lastDay)} (${zone} time).`,
    de: `Die Frist unserer eigenen Erstattungsbedingungen endete mit dem ${formats.de.date(lastDay)} (Zeitzone ${zone}).`,
  }),
  ownUsed: (): Localized => ({
    en: 'Our own refund policy is for what has not been used.',
    de: 'Unsere eigenen Erstattungsbedingungen gelten für das, was nicht genutzt wurde.',
  }),
  waived: (law: Localized, confirmedOn: string): Localized => ({
    en: `You asked for digital content at once and acknowledged that you lose the right of withdrawal with it. We confirmed that by mail on ${formats.en.date(confirmedOn)}, and supply began (${law.en}).`,
    de: `Sie haben die sofortige Bereitstellung digitaler Inhalte verlangt und zur Kenntnis genommen, dass Sie dadurch Ihr Widerrufsrecht verlieren. Das haben wir am ${formats.de.date(confirmedOn)} per E-Mail bestätigt, und die Bereitstellung hat begonnen (${law.de}).`,
  }),
  performed: (law: Localized): Localized => ({
    en: `The service was wholly performed, at your express wish and with your acknowledgement that the right of withdrawal ends with it (${law.en}).`,
    de: `Die Leistung wurde vollständig erbracht, auf Ihren ausdrücklichen Wunsch und in Kenntnis, dass das Widerrufsrecht damit endet (${law.de}).`,
  }),
  supplyBegan: (law: Localized): Localized => ({
    en: `The right of withdrawal ends when the supply of a digital product or service begins, and it has begun (${law.en}).`,
    de: `Das Widerrufsrecht endet, wenn die Bereitstellung eines digitalen Produkts oder Dienstes beginnt, und sie hat begonnen (${law.de}).`,
  }),
  usedUp: (law: Localized): Localized => ({
    en: `You asked for the service to start at once, and the time that you paid for was over when you withdrew (${law.en}).`,
    de: `Sie haben verlangt, dass die Leistung sofort beginnt, und der bezahlte Zeitraum war bei Ihrem Widerruf abgelaufen (${law.de}).`,
  }),
  noRight: ({ en, de }: Localized, law: Localized): Localized => ({
    en: `${en} (${law.en}).`,
    de: `${de} (${law.de}).`,
  }),
  business: (): Localized => ({
    en: 'The right of withdrawal is for consumers; this was bought by a business.',
    de: 'Das Widerrufsrecht haben Verbraucher; dies hat ein Unternehmen gekauft.',
  }),
  shareOfWork: (): Localized => ({
    en: 'The work has begun, so a person determines which part of the price is for what was done.',
    de: 'Die Arbeit hat begonnen; ein Mensch stellt fest, welcher Teil des Preises auf das Geleistete entfällt.',
  }),
  notDelivered: (): Localized => ({
    en: 'It was not delivered, so the whole price goes back (our refund policy).',
    de: 'Es wurde nicht geliefert, daher geht der ganze Preis zurück (unsere Erstattungsbedingungen).',
  }),
  delivered: (on: string): Localized => ({
    en: `By our records it was delivered on ${formats.en.date(on)}. A person looks into it (our refund policy).`,
    de: `Nach unseren Aufzeichnungen wurde es am ${formats.de.date(on)} geliefert. Ein Mensch prüft es (unsere Erstattungsbedingungen).`,
  }),
  faultToCheck: (law: Localized): Localized => ({
    en: `You say that it is not as it was sold. A person checks it with you; repair, replacement and refund follow (${law.en}).`,
    de: `Sie melden einen Mangel. Ein Mensch prüft ihn mit Ihnen; Nachbesserung, Ersatz und Erstattung richten sich nach dem Ergebnis (${law.de}).`,
  }),
  faultTooLate: (law: Localized, { lastDay, zone }: Deadline): Localized => ({
    en: `Claims for faults (${law.en}) ended with ${formats.en.date(lastDay)} (${zone} time).`,
    de: `Ansprüche wegen Mängeln (${law.de}) endeten mit dem ${formats.de.date(lastDay)} (Zeitzone ${zone}).`,
  }),
  goesBack: (refundable: Refundable): Localized => goesBack[refundable.kind],
  payBack: ({ days, unit }: NonNullable<WithdrawalRule['payBack']>): Localized => ({
    en: `The money goes back within ${days} ${unit === 'days' ? 'days' : 'working days'} at the latest, the way that you paid.`,
    de: `Das Geld geht spätestens innerhalb von ${days} ${unit === 'days' ? 'Tagen' : 'Werktagen'} zurück, auf dem Weg, auf dem Sie gezahlt haben.`,
  }),
  appeal: (): Localized => ({
    en: 'If you think that this is wrong, answer this message: a person will look at it.',
    de: 'Wenn Sie das für falsch halten, antworten Sie auf diese Nachricht: Ein Mensch sieht es sich an.',
  }),
} as const;

const goesBack: Readonly<Record<Refundable['kind'], Localized>> = {
  full: { en: 'You get the whole price back.', de: 'Sie erhalten den ganzen Preis zurück.' },
  full_on_return: {
    en: 'You get the whole price back, with the standard delivery, as soon as the goods are back or you show that you sent them.',
    de: 'Sie erhalten den ganzen Preis samt Standardversand zurück, sobald die Ware zurück ist oder Sie nachweisen, dass Sie sie abgesandt haben.',
  },
  pro_rata: {
    en: 'You pay for the time until your withdrawal; the price of the rest goes back.',
    de: 'Sie bezahlen die Zeit bis zu Ihrem Widerruf; der Preis für den Rest geht zurück.',
  },
  none: { en: 'No money goes back.', de: 'Es geht kein Geld zurück.' },
};

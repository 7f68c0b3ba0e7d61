import type { DatedRow } from '../../tax/dated-row.ts';
import type { Market } from './markets.ts';
import { cited, policySources } from './policy-sources.ts';
import type { Localized } from './policy-sources.ts';

/** What the law of a market says to a change of mind for which it has no row in withdrawal-rules.ts. */
export interface NoRightRow extends DatedRow {
  readonly market: Market;
  readonly law: Localized;
  readonly words: Localized;
}

const { japan, unitedStates, australia, newZealand, china, generalKnowledge } = policySources;
const since2020 = { validFrom: '2020-01-01', validTo: null } as const;

export const noRightRows: readonly NoRightRow[] = [
  {
    market: 'jp',
    law: cited('Act on Specified Commercial Transactions, art. 15-3'),
    words: {
      en: 'The law of Japan leaves it to the shown conditions of sale whether an online purchase can be returned',
      de: 'Das japanische Recht überlässt es den gezeigten Verkaufsbedingungen, ob ein Onlinekauf zurückgegeben werden kann',
    },
    ...since2020,
    ...japan,
  },
  {
    market: 'us',
    law: cited('no federal right of withdrawal', 'kein bundesweites Widerrufsrecht'),
    words: {
      en: 'In the United States the shown refund policy decides whether an online purchase can be returned',
      de: 'In den Vereinigten Staaten entscheiden die gezeigten Erstattungsbedingungen, ob ein Onlinekauf zurückgegeben werden kann',
    },
    ...since2020,
    ...unitedStates,
  },
  {
    market: 'au',
    law: cited('Australian Consumer Law (Competition and Consumer Act 2010, schedule 2)'),
    words: {
      en: 'Australian law gives a refund for major faults, not for a change of mind',
      de: 'Das australische Recht sieht eine Erstattung bei erheblichen Mängeln vor, nicht bei einem Sinneswandel',
    },
    ...since2020,
    ...australia,
  },
  {
    market: 'nz',
    law: cited('Consumer Guarantees Act 1993 (New Zealand)'),
    words: {
      en: 'New Zealand law gives a refund for serious faults, not for a change of mind',
      de: 'Das neuseeländische Recht sieht eine Erstattung bei schweren Mängeln vor, nicht bei einem Sinneswandel',
    },
    ...since2020,
    ...newZealand,
  },
  {
    market: 'in',
    law: cited('Consumer Protection Act 2019 and E-Commerce Rules 2020 (India)'),
    words: {
      en: 'In India the seller’s published refund policy decides about a change of mind',
      de: 'In Indien entscheiden bei einem Sinneswandel die veröffentlichten Erstattungsbedingungen des Verkäufers',
    },
    ...since2020,
    ...generalKnowledge,
  },
  {
    market: 'cn',
    law: cited('Law on the Protection of Consumer Rights and Interests, art. 25'),
    words: {
      en: 'The seven-day right of return in China is for goods, not for services',
      de: 'Das siebentägige Rückgaberecht in China gilt für Waren, nicht für Dienste',
    },
    ...since2020,
    ...china,
  },
  {
    market: 'elsewhere',
    law: cited('no other law is on file with us', 'ein anderes Gesetz liegt uns nicht vor'),
    words: {
      en: 'For your country our own refund policy decides about a change of mind',
      de: 'Für Ihr Land entscheiden bei einem Sinneswandel unsere eigenen Erstattungsbedingungen',
    },
    ...since2020,
    ...generalKnowledge,
  },
];

import type { CardNetwork } from '../../dunning/retry-attempt.ts';
import type { DatedRow, Provenance } from '../../tax/dated-row.ts';
import type { NoticeKind } from '../notice-kind.ts';

/** Who must be told of what, and how many days before it. Rows hold by the customer's date of the event. */
export interface NoticeRuleRow extends DatedRow {
  /** Permanent: decisions and records name it. */
  readonly rule: string;
  readonly kind: NoticeKind;
  /** ISO 3166-1 alpha-2, and the region's code within it; null: everywhere. */
  readonly country: string | null;
  readonly region: string | null;
  /** Null: whatever is paid with. */
  readonly network: CardNetwork | null;
  readonly consumersOnly: boolean;
  /** Only for periods of at least so many months; 0: for all. */
  readonly periodMonths: number;
  /** Only for trials of more than so many days; 0: for all. */
  readonly trialDaysOver: number;
  /** The notice counts from `earliestDays` (null: any time) to `latestDays` days before, both inclusive. */
  readonly earliestDays: number | null;
  readonly latestDays: number;
}

const checkedOn = '2026-11-21';
const said = (source: string): Provenance => ({ source, checkedOn, confidence: 'source' });
/** Taken over from research notes on these pages: compare with the originals before go-live. */
const provenance = {
  visa: said('payvision.com and paysafe.com: Visa, reminder at least 7 days before'),
  mastercard: said('research notes on Mastercard: 3 to 7 days before; terms of 6 months or more 7 to 30 days before'),
  californiaTrials: said('AB 390 summary: trials over 31 days, 3 to 21 days before'),
  californiaTerms: said('consumerfinsights.com, dtolaw.com: terms of a year or more, 15 to 45 days before'),
  california2863: said('AB 2863, contracts from 2025-07-01 (awglaw.com, dtolaw.com)'),
  india: said('docs.stripe.com/india-recurring-payments: at least 24 hours before; whole days are counted here'),
  ourPolicy: said('our own policy'),
  generalKnowledge: {
    source: 'general knowledge, not yet compared with a source',
    checkedOn,
    confidence: 'general_knowledge',
  },
} as const satisfies Record<string, Provenance>;

/** Where nothing is said of it. Rules whose beginning the sources do not name begin with our tables. */
const usual = {
  country: null,
  region: null,
  network: null,
  consumersOnly: false,
  periodMonths: 0,
  trialDaysOver: 0,
  earliestDays: null,
  validFrom: '2020-01-01',
  validTo: null,
} as const;
const california = { ...usual, country: 'US', region: 'CA', consumersOnly: true } as const;

export const noticeRules: readonly NoticeRuleRow[] = [
  { ...usual, rule: 'visa.trial_end', kind: 'trial_end', network: 'visa', latestDays: 7, ...provenance.visa },
  {
    ...usual,
    rule: 'mastercard.trial_end',
    kind: 'trial_end',
    network: 'mastercard',
    earliestDays: 7,
    latestDays: 3,
    ...provenance.mastercard,
  },
  {
    ...california,
    rule: 'us_ca.trial_end',
    kind: 'trial_end',
    trialDaysOver: 31,
    earliestDays: 21,
    latestDays: 3,
    ...provenance.californiaTrials,
  },
  { ...usual, rule: 'own.trial_end', kind: 'trial_end', latestDays: 7, ...provenance.ourPolicy },
  // What a shorter trial leaves time for; a mail a week before keeps these as well.
  { ...usual, rule: 'own.trial_end_3_days', kind: 'trial_end', latestDays: 3, ...provenance.ourPolicy },
  { ...usual, rule: 'own.trial_end_1_day', kind: 'trial_end', latestDays: 1, ...provenance.ourPolicy },
  {
    ...usual,
    rule: 'mastercard.renewal',
    kind: 'renewal',
    network: 'mastercard',
    periodMonths: 6,
    earliestDays: 30,
    latestDays: 7,
    ...provenance.mastercard,
  },
  {
    ...california,
    rule: 'us_ca.renewal',
    kind: 'renewal',
    periodMonths: 12,
    earliestDays: 45,
    latestDays: 15,
    ...provenance.californiaTerms,
  },
  {
    ...california,
    rule: 'us_ny.renewal',
    kind: 'renewal',
    region: 'NY',
    periodMonths: 12,
    earliestDays: 45,
    latestDays: 15,
    ...provenance.generalKnowledge,
  },
  {
    ...usual,
    rule: 'fr.renewal',
    kind: 'renewal',
    country: 'FR',
    consumersOnly: true,
    periodMonths: 12,
    earliestDays: 90,
    latestDays: 31,
    ...provenance.generalKnowledge,
  },
  { ...usual, rule: 'own.renewal', kind: 'renewal', periodMonths: 12, latestDays: 30, ...provenance.ourPolicy },
  {
    ...california,
    rule: 'us_ca.annual_reminder',
    kind: 'annual_reminder',
    earliestDays: 30,
    latestDays: 0,
    ...provenance.california2863,
    validFrom: '2025-07-01',
  },
  { ...usual, rule: 'visa.price_change', kind: 'price_change', network: 'visa', latestDays: 7, ...provenance.visa },
  {
    ...usual,
    rule: 'mastercard.price_change',
    kind: 'price_change',
    network: 'mastercard',
    earliestDays: 7,
    latestDays: 3,
    ...provenance.mastercard,
  },
  {
    ...california,
    rule: 'us_ca.price_change',
    kind: 'price_change',
    earliestDays: 30,
    latestDays: 7,
    ...provenance.california2863,
    validFrom: '2025-07-01',
  },
  { ...usual, rule: 'own.price_change', kind: 'price_change', latestDays: 7, ...provenance.ourPolicy },
  { ...usual, rule: 'own.pause_end', kind: 'pause_end', latestDays: 30, ...provenance.ourPolicy },
  { ...usual, rule: 'in.pre_debit', kind: 'pre_debit', country: 'IN', latestDays: 2, ...provenance.india },
];

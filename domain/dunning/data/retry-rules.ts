import type { DeclineClass } from '../../payment/payment.ts';
import type { DatedRow, Provenance } from '../../tax/dated-row.ts';
import type { CardNetwork, ChargeInitiator } from '../retry-attempt.ts';
import { provenance } from './provenance.ts';

interface RuleBase extends DatedRow {
  /** Permanent: refusals, logs and operators name it. */
  readonly rule: string;
  /** Whose cards it holds for; null: everybody's. A card of an unknown network is judged by all. */
  readonly network: CardNetwork | null;
  /** Whose charges it forbids. */
  readonly forbids: 'every' | ChargeInitiator;
}

/** Declines that any of these describes. */
export interface DeclineMatch {
  readonly networkCodes?: readonly string[];
  readonly adviceCodes?: readonly string[];
  readonly classes?: readonly DeclineClass[];
}

/** No charge of the card after such a decline, before its data are updated or, where it says so, a charge of it succeeds. */
export interface NeverRule extends RuleBase {
  readonly type: 'never';
  readonly after: DeclineMatch;
  readonly liftedBySuccess: boolean;
}

/** No charge of the card for so long after such a decline. */
export interface WaitRule extends RuleBase {
  readonly type: 'wait';
  readonly after: DeclineMatch;
  readonly hours: number;
}

/** No more than `max` of these within so many hours. */
export interface LimitRule extends RuleBase {
  readonly type: 'limit';
  readonly max: number;
  readonly hours: number;
  /** `charge`: of the same card, merchant and amount, since the last success. `card`: of the card, whatever it was for. */
  readonly scope: 'card' | 'charge';
  readonly counts: 'attempts' | 'reattempts' | 'declines';
  /** Whose attempts count. */
  readonly by: 'every' | ChargeInitiator;
}

/** So long between one automatic charge of the same card, merchant and amount and the next, but after these declines. */
export interface SpacingRule extends RuleBase {
  readonly type: 'spacing';
  readonly hours: number;
  readonly except: DeclineClass;
}

/** No second try of the same charge of cards issued there. */
export interface IssuerCountryRule extends RuleBase {
  readonly type: 'issuer_country';
  readonly country: string;
}

export type RetryRule = NeverRule | WaitRule | LimitRule | SpacingRule | IssuerCountryRule;

const from = (validFrom: string, source: Provenance, validTo: string | null = null): DatedRow => ({
  validFrom,
  validTo,
  ...source,
});

const visa = { network: 'visa', forbids: 'every' } as const;
const mastercard = { network: 'mastercard', forbids: 'every' } as const;
const everybody = { network: null, forbids: 'every' } as const;
const automatic = { network: null, forbids: 'automatic' } as const;

/** Visa counts per card, merchant and amount; where a fee begins, our limit ends. */
const visaRules: readonly RetryRule[] = [
  {
    rule: 'visa.category_1',
    ...visa,
    type: 'never',
    after: { networkCodes: ['04', '07', '12', '15', '41', '43', '57', 'R0', 'R1', 'R3'] },
    liftedBySuccess: false,
    ...from('2021-01-01', provenance.visaLists),
  },
  {
    rule: 'visa.category_1_disputed',
    ...visa,
    type: 'never',
    after: { networkCodes: ['03', '14', '46', '62', '78', '93'] },
    liftedBySuccess: false,
    ...from('2021-01-01', provenance.visaDisputedCodes),
  },
  {
    rule: 'visa.reattempts_30_days',
    ...visa,
    type: 'limit',
    max: 15,
    hours: 30 * 24,
    scope: 'charge',
    counts: 'reattempts',
    by: 'every',
    ...from('2021-01-01', provenance.visa15, '2025-05-25'),
  },
  {
    rule: 'visa.reattempts_30_days',
    ...visa,
    type: 'limit',
    max: 20,
    hours: 30 * 24,
    scope: 'charge',
    counts: 'reattempts',
    by: 'every',
    ...from('2025-05-25', provenance.visa20),
  },
];

const adviceWait = (code: string, hours: number): WaitRule => ({
  rule: `mastercard.advice_${code}`,
  ...mastercard,
  type: 'wait',
  after: { adviceCodes: [code] },
  hours,
  ...from('2022-01-01', provenance.mastercardAdvice),
});

const mastercardRules: readonly RetryRule[] = [
  {
    rule: 'mastercard.declines_24_hours',
    ...mastercard,
    type: 'limit',
    max: 10,
    hours: 24,
    scope: 'card',
    counts: 'declines',
    by: 'every',
    ...from('2022-01-01', provenance.mastercard),
  },
  {
    rule: 'mastercard.attempts_30_days',
    ...mastercard,
    type: 'limit',
    max: 35,
    hours: 30 * 24,
    scope: 'charge',
    counts: 'attempts',
    by: 'every',
    ...from('2022-01-01', provenance.mastercard),
  },
  {
    rule: 'mastercard.advice_01',
    network: 'mastercard',
    forbids: 'automatic',
    type: 'never',
    after: { adviceCodes: ['01'] },
    liftedBySuccess: true,
    ...from('2022-01-01', provenance.mastercardAdvice),
  },
  adviceWait('03', 30 * 24),
  adviceWait('21', 30 * 24),
  { ...adviceWait('02', 72), ...from('2022-01-01', provenance.mastercardAdvice02) },
  adviceWait('24', 1),
  adviceWait('25', 24),
  adviceWait('26', 2 * 24),
  adviceWait('27', 4 * 24),
  adviceWait('28', 6 * 24),
  adviceWait('29', 8 * 24),
  adviceWait('30', 10 * 24),
];

const neverAfter = (
  rule: string,
  declineClass: DeclineClass,
  source: Provenance,
  who: typeof everybody | typeof automatic,
): NeverRule => ({
  rule,
  ...who,
  type: 'never',
  after: { classes: [declineClass] },
  liftedBySuccess: true,
  ...from('2020-01-01', source),
});

const ownRules: readonly RetryRule[] = [
  neverAfter('class.hard', 'hard', provenance.stripeHard, everybody),
  neverAfter('class.authentication', 'authentication', provenance.stripeAuthentication, automatic),
  neverAfter('class.fix_data', 'fix_data', provenance.stripeFixData, automatic),
  {
    rule: 'issuer.india',
    ...automatic,
    type: 'issuer_country',
    country: 'IN',
    ...from('2020-01-01', provenance.stripeIndia),
  },
  {
    rule: 'own.one_in_24_hours',
    ...automatic,
    type: 'spacing',
    hours: 24,
    except: 'soft_technical',
    ...from('2020-01-01', provenance.ourPolicy),
  },
  {
    rule: 'own.eight_in_21_days',
    ...automatic,
    type: 'limit',
    max: 8,
    hours: 21 * 24,
    scope: 'charge',
    counts: 'reattempts',
    by: 'automatic',
    ...from('2020-01-01', provenance.ourPolicy),
  },
  {
    rule: 'own.five_by_the_customer',
    network: null,
    forbids: 'customer',
    type: 'limit',
    max: 5,
    hours: 21 * 24,
    scope: 'charge',
    counts: 'reattempts',
    by: 'customer',
    ...from('2020-01-01', provenance.customerCap),
  },
];

/** In the order in which refusals name them: what holds longest first. */
export const retryRules: readonly RetryRule[] = [...visaRules, ...mastercardRules, ...ownRules];

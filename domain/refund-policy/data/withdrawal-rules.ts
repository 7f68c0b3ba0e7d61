import type { DatedRow, Provenance } from '../../tax/dated-row.ts';
import type { ProductKind } from '../refund-facts.ts';
import type { Market } from './markets.ts';
import { cited, policySources } from './policy-sources.ts';
import type { Localized } from './policy-sources.ts';

/** How a period is counted in the customer's zone; it ends with the last hour of its last day. */
export interface PeriodRule {
  readonly days: number;
  /**
   * What it runs from: the contract, the receipt of the goods, the later of contract and supply, the later of the
   * confirmation in writing and supply.
   */
  readonly from: 'contract' | 'receipt' | 'contract_or_supply' | 'confirmation_or_supply';
  /** Whether the day it runs from is counted as the first. */
  readonly firstDay: 'next' | 'same';
  /** On which last day it goes on to the next working day. */
  readonly restDays: 'count' | 'weekends' | 'weekends_and_holidays';
}

/** What ends the right before its period does. */
export type Loss =
  | 'never'
  /** Supply began with consent and acknowledgement, and both were confirmed in a mail that left us. */
  | 'waived'
  /** A service wholly performed, with consent and acknowledgement. */
  | 'performed'
  /** Supply began, and that is enough. */
  | 'supply_began';

/** What goes back: `pro_rata_if_asked` keeps the used part only of customers who asked for an early start. */
export type GivenBack = 'full' | 'full_on_return' | 'pro_rata' | 'pro_rata_if_asked';

/** The statutory right of a consumer to go back on a contract, without a reason, for one kind of product. */
export interface WithdrawalRule extends DatedRow {
  /** Permanent. */
  readonly id: string;
  readonly market: Market;
  /** Two letters in the US; null: the whole market. */
  readonly region: string | null;
  readonly kind: ProductKind;
  /** As a lawyer would cite it. */
  readonly law: Localized;
  readonly period: PeriodRule;
  readonly lost: Loss;
  readonly back: GivenBack;
  /** By how much longer it runs when the customer was not told of it. */
  readonly monthsIfNotInformed: number;
  /** Only where no refund policy was shown before the contract. */
  readonly withoutPolicyOnly: boolean;
  /** How long after the statement (after the return, for goods) the money may take; null: without delay. */
  readonly payBack: { readonly days: number; readonly unit: 'days' | 'working_days' } | null;
}

type Row = Omit<WithdrawalRule, keyof Provenance | 'id' | 'validTo' | 'region' | 'withoutPolicyOnly'> &
  Partial<Pick<WithdrawalRule, 'region' | 'withoutPolicyOnly'>> & { readonly provenance: Provenance };

const rule = ({ provenance, ...row }: Row): WithdrawalRule => ({
  id: `${row.market}${row.region == null ? '' : `_${row.region.toLowerCase()}`}.withdrawal.${row.kind}`,
  region: null,
  withoutPolicyOnly: false,
  validTo: null,
  ...row,
  ...provenance,
});

const { euDirective, ukRegulations, easylaw, japan, brazil, turkey, china, unitedStates, generalKnowledge } =
  policySources;

const within = (days: number, from: PeriodRule['from'], restDays: PeriodRule['restDays']): PeriodRule => ({
  ...{ days, from, restDays },
  firstDay: 'next',
});

const directive = (articles: string): Localized =>
  cited(`Directive 2011/83/EU, art. ${articles}`, `Richtlinie 2011/83/EU, Art. ${articles}`);

const eu = {
  market: 'eu',
  monthsIfNotInformed: 12,
  payBack: { days: 14, unit: 'days' },
  validFrom: '2014-06-13',
  provenance: euDirective,
} as const;
const euPeriod = within(14, 'contract', 'weekends_and_holidays');

const uk = {
  market: 'uk',
  monthsIfNotInformed: 12,
  payBack: { days: 14, unit: 'days' },
  validFrom: '2014-06-13',
  provenance: ukRegulations,
} as const;
const ukPeriod = within(14, 'contract', 'count');

const kr = {
  market: 'kr',
  law: cited('Act on the Consumer Protection in Electronic Commerce, art. 17, 18'),
  period: within(7, 'confirmation_or_supply', 'weekends'),
  monthsIfNotInformed: 0,
  payBack: { days: 3, unit: 'working_days' },
  validFrom: '2012-08-18',
  provenance: easylaw,
} as const;

const br = {
  market: 'br',
  law: cited('Código de Defesa do Consumidor, art. 49'),
  period: within(7, 'contract_or_supply', 'count'),
  lost: 'never',
  back: 'full',
  monthsIfNotInformed: 0,
  payBack: null,
  validFrom: '1991-03-11',
  provenance: brazil,
} as const;

const tr = {
  market: 'tr',
  law: cited('Law 6502, art. 48; Distance Contracts Regulation, art. 9, 12, 15'),
  monthsIfNotInformed: 12,
  payBack: { days: 14, unit: 'days' },
  validFrom: '2015-02-27',
  provenance: turkey,
} as const;
const trPeriod = within(14, 'contract', 'weekends');

const cn = {
  market: 'cn',
  law: cited('Law on the Protection of Consumer Rights and Interests, art. 25'),
  period: within(7, 'receipt', 'weekends'),
  monthsIfNotInformed: 0,
  payBack: { days: 7, unit: 'days' },
  validFrom: '2014-03-15',
  provenance: china,
} as const;

/** States in which goods can be sent back when no refund policy was displayed. */
const usState = (region: string, days: number, law: string, provenance: Provenance): WithdrawalRule =>
  rule({
    ...{ market: 'us', region, provenance },
    law: cited(law),
    kind: 'goods',
    period: within(days, 'receipt', 'count'),
    lost: 'never',
    back: 'full_on_return',
    monthsIfNotInformed: 0,
    withoutPolicyOnly: true,
    payBack: null,
    validFrom: '2020-01-01',
  });

/**
 * What becomes of a contract by the law of the customer's market, by the date of the contract. No row: no such right
 * (data/no-right.ts says in whose words). The United Kingdom's subscription regime (DMCC Act 2024, expected in spring
 * 2027) gets its rows when its date is law.
 */
export const withdrawalRules: readonly WithdrawalRule[] = [
  rule({
    ...eu,
    kind: 'digital_content',
    law: directive('9, 13, 14(4)(b), 16(m)'),
    period: euPeriod,
    lost: 'waived',
    back: 'full',
  }),
  rule({
    ...eu,
    kind: 'digital_service',
    law: directive('9, 13, 14(3), 16(a)'),
    period: euPeriod,
    lost: 'performed',
    back: 'pro_rata_if_asked',
  }),
  rule({
    ...eu,
    kind: 'service',
    law: directive('9, 13, 14(3), 16(a)'),
    period: euPeriod,
    lost: 'performed',
    back: 'pro_rata_if_asked',
  }),
  rule({
    ...eu,
    kind: 'goods',
    law: directive('9, 13, 14(1)'),
    period: { ...euPeriod, from: 'receipt' },
    lost: 'never',
    back: 'full_on_return',
  }),
  rule({
    ...uk,
    kind: 'digital_content',
    law: cited('Consumer Contracts Regulations 2013, reg. 30, 34, 37'),
    period: ukPeriod,
    lost: 'waived',
    back: 'full',
  }),
  rule({
    ...uk,
    kind: 'digital_service',
    law: cited('Consumer Contracts Regulations 2013, reg. 30, 34, 36'),
    period: ukPeriod,
    lost: 'performed',
    back: 'pro_rata_if_asked',
  }),
  rule({
    ...uk,
    kind: 'service',
    law: cited('Consumer Contracts Regulations 2013, reg. 30, 34, 36'),
    period: ukPeriod,
    lost: 'performed',
    back: 'pro_rata_if_asked',
  }),
  rule({
    ...uk,
    kind: 'goods',
    law: cited('Consumer Contracts Regulations 2013, reg. 30, 34, 35'),
    period: { ...ukPeriod, from: 'receipt' },
    lost: 'never',
    back: 'full_on_return',
  }),
  // Digital content loses it only with a notice and a trial copy (art. 17(6)), of which we keep no record: it stays.
  rule({ ...kr, kind: 'digital_content', lost: 'never', back: 'full' }),
  // What can be divided goes back in its unused part.
  rule({ ...kr, kind: 'digital_service', lost: 'never', back: 'pro_rata' }),
  rule({ ...kr, kind: 'service', lost: 'never', back: 'pro_rata' }),
  rule({ ...kr, kind: 'goods', lost: 'never', back: 'full_on_return' }),
  rule({
    market: 'jp',
    kind: 'goods',
    law: cited('Act on Specified Commercial Transactions, art. 15-3'),
    period: { ...within(8, 'receipt', 'count'), firstDay: 'same' },
    lost: 'never',
    back: 'full_on_return',
    monthsIfNotInformed: 0,
    withoutPolicyOnly: true,
    payBack: null,
    validFrom: '2009-12-01',
    provenance: japan,
  }),
  rule({ ...br, kind: 'digital_content' }),
  rule({ ...br, kind: 'digital_service' }),
  rule({ ...br, kind: 'service' }),
  rule({ ...br, kind: 'goods', period: { ...br.period, from: 'receipt' }, back: 'full_on_return' }),
  rule({ ...tr, kind: 'digital_content', period: trPeriod, lost: 'supply_began', back: 'full' }),
  rule({ ...tr, kind: 'digital_service', period: trPeriod, lost: 'supply_began', back: 'full' }),
  rule({ ...tr, kind: 'service', period: trPeriod, lost: 'supply_began', back: 'full' }),
  rule({
    ...tr,
    kind: 'goods',
    period: { ...trPeriod, from: 'receipt' },
    lost: 'never',
    back: 'full_on_return',
  }),
  rule({ ...cn, kind: 'digital_content', lost: 'supply_began', back: 'full' }),
  rule({ ...cn, kind: 'goods', lost: 'never', back: 'full_on_return' }),
  usState('CA', 30, 'California Civil Code § 1723', unitedStates),
  usState('FL', 7, 'Florida Statutes § 501.142', unitedStates),
  usState('NY', 30, 'New York General Business Law § 218-a', generalKnowledge),
  usState('NJ', 20, 'New Jersey Statutes § 56:8-2.17', generalKnowledge),
];

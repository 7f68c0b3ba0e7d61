import type { DatedRow } from '../../tax/dated-row.ts';

/** When people have to agree to a refund, and for how long they are waited for. */
export interface ApprovalPolicyRow extends DatedRow {
  /** Minor units of EUR (or as much in another currency): above it one person has to agree, above the other two. */
  readonly customer: { readonly onePersonAbove: number; readonly twoPeopleAbove: number };
  readonly merchant: { readonly onePersonAbove: number; readonly twoPeopleAbove: number };
  /** Until somebody is reminded, and until the wait ends. */
  readonly escalateAfterHours: number;
  readonly decideWithinHours: number;
  /** How long a refusal may be appealed. */
  readonly appealWithinDays: number;
  /** How long somebody may choose another way for money that the gateway could not give back. */
  readonly otherMeansWithinDays: number;
  /** When the gateway is asked again whether a bank has returned the money, in days after it went back; then no more. */
  readonly askAgainAfterDays: readonly number[];
}

const ownPolicy = {
  source: 'Own policy: an approval well inside the 14 days of Directive 2011/83/EU art. 13; banks return within weeks',
  checkedOn: '2026-11-21',
  confidence: 'general_knowledge',
} as const;

export const approvalPolicy: readonly ApprovalPolicyRow[] = [
  {
    customer: { onePersonAbove: 1_000_00, twoPeopleAbove: 10_000_00 },
    merchant: { onePersonAbove: 5_000_00, twoPeopleAbove: 10_000_00 },
    escalateAfterHours: 24,
    decideWithinHours: 96,
    appealWithinDays: 30,
    otherMeansWithinDays: 60,
    askAgainAfterDays: [3, 10, 21, 35, 60],
    validFrom: '2020-01-01',
    validTo: null,
    ...ownPolicy,
  },
];

/**
 * How many units of a currency stand for one euro when a threshold is read: round numbers, low ones rather than high,
 * so that more is looked at and not less. What is not listed counts one to one.
 */
export const unitsPerEuro: Readonly<Record<string, number>> = {
  ...{ PLN: 4, RON: 4, BRL: 5, MXN: 18, TRY: 30, CNY: 7, HKD: 8, SEK: 10, NOK: 10, DKK: 7, ZAR: 18, THB: 35 },
  ...{ CZK: 24, INR: 80, PHP: 55, HUF: 350, JPY: 140, KRW: 1300, CLP: 900, COP: 4000, IDR: 15000, VND: 24000 },
};

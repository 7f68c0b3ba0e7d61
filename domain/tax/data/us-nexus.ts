import type { DatedRow, Provenance } from '../dated-row.ts';
import { provenance } from './provenance.ts';
import { usStates } from './us-states.ts';

/** Which sales a state counts: calendar years, or the time up to the day. General knowledge where not sourced. */
export type NexusPeriod =
  'previous_or_current_year' | 'previous_year' | 'trailing_12_months' | 'twelve_months_to_september';

/**
 * What makes a seller without any presence liable in a state. Amounts in US cents. `either`: one limb is enough, `both`:
 * only together. Null: no such limb; both null: the state has no sales tax or no such law yet.
 */
export interface NexusThresholdRow extends DatedRow {
  readonly state: string;
  readonly amount: number | null;
  readonly transactions: number | null;
  readonly limbs: 'either' | 'both';
  readonly period: NexusPeriod;
}

const { nexus, nexusRemoved, nexusKentucky, generalKnowledge } = provenance;

type Limbs = Pick<NexusThresholdRow, 'amount' | 'transactions' | 'limbs'>;
const dollars = (amount: number): Limbs => ({ amount: amount * 100, transactions: null, limbs: 'either' });
const usual = dollars(100_000);
const orTwoHundred: Limbs = { ...usual, transactions: 200 };
const none: Limbs = { amount: null, transactions: null, limbs: 'either' };

type Step = readonly [from: string, limbs: Limbs, source: Provenance];

/** States whose threshold is not USD 100,000 throughout; each step holds until the next begins. */
const histories: Readonly<Record<string, readonly Step[]>> = {
  AK: [
    ['2020-01-01', orTwoHundred, generalKnowledge],
    ['2025-01-01', usual, nexusRemoved],
  ],
  AL: [['2020-01-01', dollars(250_000), nexus]],
  AZ: [
    ['2020-01-01', dollars(150_000), generalKnowledge],
    ['2021-01-01', usual, nexus],
  ],
  CA: [['2020-01-01', dollars(500_000), nexus]],
  CT: [['2020-01-01', { ...orTwoHundred, limbs: 'both' }, nexus]],
  FL: [
    ['2020-01-01', none, generalKnowledge],
    ['2021-07-01', usual, nexus],
  ],
  IL: [
    ['2020-01-01', orTwoHundred, nexusRemoved],
    ['2026-01-01', usual, nexusRemoved],
  ],
  IN: [
    ['2020-01-01', orTwoHundred, generalKnowledge],
    ['2024-01-01', usual, nexusRemoved],
  ],
  KS: [
    // Any sale made a seller liable.
    ['2020-01-01', { ...usual, amount: 1 }, generalKnowledge],
    ['2021-07-01', usual, nexus],
  ],
  KY: [
    ['2020-01-01', orTwoHundred, nexus],
    ['2026-08-01', usual, nexusKentucky],
  ],
  LA: [
    ['2020-01-01', orTwoHundred, generalKnowledge],
    ['2023-08-01', usual, nexusRemoved],
  ],
  ME: [
    ['2020-01-01', orTwoHundred, generalKnowledge],
    ['2022-01-01', usual, nexusRemoved],
  ],
  MO: [
    ['2020-01-01', none, generalKnowledge],
    ['2023-01-01', usual, nexus],
  ],
  MS: [['2020-01-01', dollars(250_000), nexus]],
  NC: [
    ['2020-01-01', orTwoHundred, generalKnowledge],
    ['2024-07-01', usual, nexusRemoved],
  ],
  NY: [['2020-01-01', { ...dollars(500_000), transactions: 100, limbs: 'both' }, nexus]],
  SD: [
    ['2020-01-01', orTwoHundred, generalKnowledge],
    ['2023-07-01', usual, nexusRemoved],
  ],
  TN: [
    ['2020-01-01', dollars(500_000), generalKnowledge],
    ['2020-10-01', usual, nexus],
  ],
  TX: [['2020-01-01', dollars(500_000), nexus]],
  UT: [
    ['2020-01-01', orTwoHundred, nexusRemoved],
    ['2025-07-01', usual, nexusRemoved],
  ],
  WI: [
    ['2020-01-01', orTwoHundred, generalKnowledge],
    ['2021-02-20', usual, nexusRemoved],
  ],
  WY: [
    ['2020-01-01', orTwoHundred, generalKnowledge],
    ['2024-07-01', usual, nexusRemoved],
  ],
};

const stillWithTransactions = 'AR DC GA HI MD MI MN NE NJ NV OH RI VT VA WV'.split(' ');
const withoutSalesTax = 'DE MT NH OR'.split(' ');

const periods: Readonly<Record<string, NexusPeriod>> = {
  AL: 'previous_year',
  CT: 'twelve_months_to_september',
  FL: 'previous_year',
  IL: 'trailing_12_months',
  MI: 'previous_year',
  MN: 'trailing_12_months',
  MS: 'trailing_12_months',
  NM: 'previous_year',
  NY: 'trailing_12_months',
  PA: 'previous_year',
  TN: 'trailing_12_months',
  TX: 'trailing_12_months',
  VT: 'trailing_12_months',
};

function stepsOf(state: string): readonly Step[] {
  const own = histories[state];
  if (own !== undefined) return own;
  if (withoutSalesTax.includes(state)) return [['2020-01-01', none, nexus]];
  return [['2020-01-01', stillWithTransactions.includes(state) ? orTwoHundred : usual, nexus]];
}

export const nexusThresholds: readonly NexusThresholdRow[] = usStates.flatMap((state) => {
  const steps = stepsOf(state);
  return steps.map(([validFrom, limbs, source], index) => ({
    state,
    ...limbs,
    period: periods[state] ?? 'previous_or_current_year',
    validFrom,
    validTo: steps[index + 1]?.[0] ?? null,
    ...source,
  }));
});

/** The part of a threshold, in percent, from which a seller is warned. */
export interface NexusWarningRow extends DatedRow {
  readonly percent: number;
}

export const nexusWarning: readonly NexusWarningRow[] = [
  { percent: 80, validFrom: '2020-01-01', validTo: null, ...provenance.ourPolicy },
];

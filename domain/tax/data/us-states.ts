import type { DatedRow, Provenance } from '../dated-row.ts';
import { provenance } from './provenance.ts';

/** The statewide base rate. Local rates come on top and need the address: they are not on file. */
export interface UsStateRow extends DatedRow {
  /** Two letters, without "US-". */
  readonly state: string;
  readonly rate: string;
}

const { vatcalc, generalKnowledge } = provenance;

type Step = readonly [from: string, rate: string];
const steps = (state: string, history: readonly Step[], from: Provenance): UsStateRow[] =>
  history.map(([validFrom, rate], index) => ({
    state,
    rate,
    validFrom,
    validTo: history[index + 1]?.[0] ?? null,
    ...from,
  }));

/** Rates that have not moved since 2020. */
const steady: Readonly<Record<string, string>> = {
  AK: '0',
  AL: '0.04',
  AR: '0.065',
  AZ: '0.056',
  CA: '0.0725',
  CO: '0.029',
  CT: '0.0635',
  // 7 % from 2026-10-01 stood in the law in 2025-12 (kpmg.com); whether it came is not confirmed.
  DC: '0.06',
  DE: '0',
  FL: '0.06',
  GA: '0.04',
  HI: '0.04',
  IA: '0.06',
  ID: '0.06',
  IL: '0.0625',
  IN: '0.07',
  KS: '0.065',
  KY: '0.06',
  MA: '0.0625',
  MD: '0.06',
  ME: '0.055',
  MI: '0.06',
  MN: '0.06875',
  MO: '0.04225',
  MS: '0.07',
  MT: '0',
  NC: '0.0475',
  ND: '0.05',
  NE: '0.055',
  NH: '0',
  NJ: '0.06625',
  NV: '0.0685',
  NY: '0.04',
  OH: '0.0575',
  OK: '0.045',
  OR: '0',
  PA: '0.06',
  RI: '0.07',
  SC: '0.06',
  TN: '0.07',
  TX: '0.0625',
  UT: '0.061',
  VA: '0.053',
  VT: '0.06',
  WA: '0.065',
  WI: '0.05',
  WV: '0.06',
  WY: '0.04',
};

export const usStateRates: readonly UsStateRow[] = [
  ...Object.entries(steady).flatMap(([state, rate]) => steps(state, [['2020-01-01', rate]], vatcalc)),
  ...steps('LA', [['2020-01-01', '0.0445']], generalKnowledge).map((row) => ({ ...row, validTo: '2025-01-01' })),
  ...steps('LA', [['2025-01-01', '0.05']], vatcalc).map((row) => ({ ...row, validTo: '2030-01-01' })),
  // The raise of 2025 is for five years, the cut of South Dakota for four.
  ...steps('LA', [['2030-01-01', '0.0475']], generalKnowledge),
  ...steps(
    'NM',
    [
      ['2020-01-01', '0.05125'],
      ['2022-07-01', '0.05'],
      ['2023-07-01', '0.04875'],
    ],
    generalKnowledge,
  ),
  ...steps(
    'SD',
    [
      ['2020-01-01', '0.045'],
      ['2023-07-01', '0.042'],
      ['2027-07-01', '0.045'],
    ],
    generalKnowledge,
  ),
];

/** The 50 states and the District of Columbia. */
export const usStates: readonly string[] = [...new Set(usStateRates.map((row) => row.state))].sort();

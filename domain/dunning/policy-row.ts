import { fail } from '../failures.ts';
import { holdsOn, rowOn } from '../tax/dated-row.ts';
import type { DatedRow } from '../tax/dated-row.ts';

/** The market's own row, else the one for everybody. @throws dunning.policy_missing */
export function forMarket<Row extends DatedRow & { readonly market: string }>(
  rows: readonly Row[],
  market: string,
  date: string,
): Row {
  const inForce = rows.filter((row) => holdsOn(row, date));
  const row = inForce.find((one) => one.market === market) ?? inForce.find((one) => one.market === '*');
  return row ?? fail('dunning.policy_missing', `No dunning policy for ${market} on ${date}`);
}

/** @throws dunning.policy_missing */
export function rowInForce<Row extends DatedRow>(rows: readonly Row[], date: string): Row {
  return rowOn(rows, date) ?? fail('dunning.policy_missing', `No dunning policy on ${date}`);
}

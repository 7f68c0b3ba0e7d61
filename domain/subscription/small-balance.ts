import { rowOn } from '../tax/dated-row.ts';
import { waivedChanges } from './data/small-balance-policy.ts';
import type { WaivedChangeRow } from './data/small-balance-policy.ts';

/**
 * What is waived of an amount that is due, minor units: all of it where each method on file takes more than that at
 * least, otherwise nothing.
 * @param leastCharges the smallest charge of each method on file; 0: no gateway takes the method
 */
export function smallBalance(due: number, leastCharges: readonly number[]): number {
  const taken = leastCharges.filter((least) => least > 0);
  return taken.length > 0 && due < Math.min(...taken) ? due : 0;
}

/**
 * Whether what a change costs may be waived at `at`, after one that was at `waivedBefore`. Both ISO 8601 UTC; absent: there
 * was none. Before there was a policy nothing was waived.
 */
export function mayWaiveChange(
  waivedBefore: string | undefined,
  at: string,
  rows: readonly WaivedChangeRow[] = waivedChanges,
): boolean {
  const row = rowOn(rows, at.slice(0, 10));
  if (row === null) return false;
  return waivedBefore === undefined || Date.parse(at) - Date.parse(waivedBefore) >= row.days * 86_400_000;
}

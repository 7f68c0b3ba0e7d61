import { holdsOn } from '../tax/dated-row.ts';
import type { ChargeLimitRow } from './data/charge-limits.ts';

export interface Chargeable {
  readonly method: string;
  readonly currency: string;
  /** Minor units. */
  readonly amount: number;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** Whether a provider with these limits takes an amount; where no row speaks of the currency, it takes any. */
export function withinChargeLimits(limits: readonly ChargeLimitRow[], { amount, ...charge }: Chargeable): boolean {
  return rowsFor(limits, charge).every(({ minimum, maximum }) => amount >= minimum && amount <= maximum);
}

/** The smallest amount that a provider with these limits takes, minor units; 1 where no row speaks of the currency. */
export function leastCharge(limits: readonly ChargeLimitRow[], charge: Omit<Chargeable, 'amount'>): number {
  return Math.max(1, ...rowsFor(limits, charge).map(({ minimum }) => minimum));
}

function rowsFor(limits: readonly ChargeLimitRow[], { method, currency, at }: Omit<Chargeable, 'amount'>) {
  return limits
    .filter((row) => row.currency === currency && (row.method === null || row.method === method))
    .filter((row) => holdsOn(row, at.slice(0, 10)));
}

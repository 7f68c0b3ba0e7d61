/**
 * How the events of a period become one quantity. `sum`: all of it added up (calls, gigabytes); `max`: the highest reading
 * (seats at the peak); `last`: the reading at the end; `unique`: how many different values there were (active users).
 * Each period stands for itself: nothing is carried over.
 */
export const usageAggregations = ['sum', 'max', 'last', 'unique'] as const;
export type UsageAggregation = (typeof usageAggregations)[number];

/** What is counted. A meter that nobody described is a plain sum. Quantities are whole units. */
export interface Meter {
  readonly id: string;
  readonly aggregation: UsageAggregation;
  /** What people call the unit: "GB", "API calls"; null: none is shown. */
  readonly unit: string | null;
  /** Ascending; reaching one in a period is told once. */
  readonly thresholds: readonly number[];
  /** What is used beyond it in a period is recorded and not billed; null: everything is billed. */
  readonly cap: number | null;
}

export function plainMeter(id: string): Meter {
  return { id, aggregation: 'sum', unit: null, thresholds: [], cap: null };
}

/** What of a quantity is billed. Corrections can leave a sum below zero; nobody is paid for usage. */
export function billableQuantity({ cap }: Pick<Meter, 'cap'>, quantity: number): number {
  const used = Math.max(0, quantity);
  return cap === null ? used : Math.min(used, cap);
}

/** The thresholds, and the cap, that a quantity has reached; ascending. */
export function reachedLevels({ thresholds, cap }: Pick<Meter, 'thresholds' | 'cap'>, quantity: number): number[] {
  const levels = new Set(cap === null ? thresholds : [...thresholds, cap]);
  return [...levels].filter((level) => quantity >= level).sort((a, b) => a - b);
}

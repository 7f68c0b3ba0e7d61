/** What became of one mutant; the names are Stryker's. */
interface Mutant {
  readonly status: string;
}

/** How many mutants the tests noticed. */
export interface MutationScore {
  /** Killed by a test, or stopped because it ran for ever. */
  readonly detected: number;
  /** Survived, or in a line that no test reaches. */
  readonly undetected: number;
}

/** Mutants that do not compile or load are no test of the tests, and are not counted. */
export function scoreOf(mutants: readonly Mutant[]): MutationScore {
  const count = (...statuses: readonly string[]): number =>
    mutants.filter(({ status }) => statuses.includes(status)).length;
  return { detected: count('Killed', 'Timeout'), undetected: count('Survived', 'NoCoverage') };
}

/** Per cent; null where there was nothing to detect. */
export function percent({ detected, undetected }: MutationScore): number | null {
  const all = detected + undetected;
  return all === 0 ? null : (100 * detected) / all;
}

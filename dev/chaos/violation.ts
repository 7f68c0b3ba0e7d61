/** An invariant that does not hold. */
export interface Violation {
  readonly invariant: string;
  /** Id of the order or subscription; null: the run as a whole. */
  readonly about: string | null;
  readonly problem: string;
  /** Where to look first. */
  readonly look: string;
}

export type Complain = (about: string | null, problem: string, look: string) => void;

/** Collects what the checks of one invariant find. */
export function complaints(invariant: string, into: Violation[]): Complain {
  return (about, problem, look) => into.push({ invariant, about, problem, look });
}

/** An invariant that does not hold. */
export interface Violation {
  readonly invariant: string;
  /** null: about the run as a whole. */
  readonly orderId: string | null;
  readonly problem: string;
  /** Where to look first. */
  readonly look: string;
}

export type Complain = (orderId: string | null, problem: string, look: string) => void;

/** Collects what the checks of one invariant find. */
export function complaints(invariant: string, into: Violation[]): Complain {
  return (orderId, problem, look) => into.push({ invariant, orderId, problem, look });
}

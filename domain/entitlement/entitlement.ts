/** Why access ends or is interrupted. Permanent: records hold it. */
export const accessReasons = ['refunded', 'unpaid', 'paused', 'subscription_ended'] as const;
export type AccessReason = (typeof accessReasons)[number];

/** What was given: so many units of one line, by one delivery. */
export interface AccessGrant {
  /** The delivery's id: the same grant twice counts once. */
  readonly fact: string;
  readonly units: number;
}

/**
 * Something that was recorded about a line's access. Each is named by the fact that it follows from (a refund, a time
 * without payment), so that a repeat is no second one.
 */
export type AccessChange =
  /** For good. `units` null: all of them, those not given yet too. */
  | { readonly kind: 'revoked'; readonly fact: string; readonly units: number | null; readonly reason: AccessReason }
  | { readonly kind: 'suspended'; readonly fact: string; readonly reason: AccessReason }
  /** Lifts the suspension of the same fact, and no other; also when it is recorded before it. */
  | { readonly kind: 'restored'; readonly fact: string };

export type Access =
  | { readonly state: 'none' }
  | { readonly state: 'active' | 'suspended'; readonly units: number }
  | { readonly state: 'revoked' };

/**
 * The access that these facts leave. It reads them as sets, so that every order of arrival and every repeat gives the
 * same answer: a revocation stays, whatever is granted or restored after it, and of what is suspended the units that are
 * not revoked come back as they were. Two amounts under one fact: the greater one counts.
 */
export function accessAt(grants: readonly AccessGrant[], changes: readonly AccessChange[]): Access {
  const granted = sumByFact(grants.map(({ fact, units }) => [fact, units]));
  if (granted === 0) return { state: 'none' };
  const revocations = changes.filter((change) => change.kind === 'revoked');
  const units = granted - sumByFact(revocations.map(({ fact, units: taken }) => [fact, taken ?? Infinity]));
  if (units <= 0) return { state: 'revoked' };
  return { state: isSuspended(changes) ? 'suspended' : 'active', units };
}

function isSuspended(changes: readonly AccessChange[]): boolean {
  const lifted = new Set(changes.filter(({ kind }) => kind === 'restored').map(({ fact }) => fact));
  return changes.some(({ kind, fact }) => kind === 'suspended' && !lifted.has(fact));
}

function sumByFact(counts: readonly (readonly [fact: string, units: number])[]): number {
  const byFact = new Map<string, number>();
  for (const [fact, units] of counts) byFact.set(fact, Math.max(units, byFact.get(fact) ?? 0));
  return [...byFact.values()].reduce((total, units) => total + units, 0);
}

import type { FailureCode } from '../failures.ts';

const dayMs = 86_400_000;

/** A trial may be made longer, all in all to this; beyond it, it is not a trial. */
const longestTrialDays = 730;

/**
 * Under which keys a trial of a product is remembered. Whoever finds one of them taken has had it: the sale goes on, charged
 * from its first day.
 */
export function trialGuardKeys({
  product,
  emailHash,
  cardFingerprint,
}: {
  readonly product: string;
  /** Hash of the address without its aliases: `emailFingerprint`, then SHA-256. */
  readonly emailHash: string;
  /** Null: no card was given, or its gateway names none. */
  readonly cardFingerprint: string | null;
}): readonly string[] {
  const byEmail = `trial/${product}/email/${emailHash}`;
  return cardFingerprint === null ? [byEmail] : [byEmail, `trial/${product}/card/${cardFingerprint}`];
}

export type TrialChange =
  | { readonly kind: 'allowed'; readonly trialEnd: string }
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly message: string };

interface RunningTrial {
  readonly startedAt: string;
  /** Null: there is or was no trial. */
  readonly endsAt: string | null;
  readonly at: string;
}

/** A trial is made longer, never shorter, while it runs. @param newEnd ISO 8601 UTC */
export function extendTrial(trial: RunningTrial, newEnd: string): TrialChange {
  const { startedAt, endsAt, at } = trial;
  if (endsAt === null || !isRunning(endsAt, at)) return notTrialing();
  if (Date.parse(newEnd) <= Date.parse(endsAt))
    return refused('subscription.change_invalid', `the trial ends at ${endsAt}; a later end is needed`);
  if (Date.parse(newEnd) - Date.parse(startedAt) > longestTrialDays * dayMs)
    return refused(
      'subscription.change_invalid',
      `a trial lasts ${longestTrialDays} days at most, from ${startedAt} on`,
    );
  return { kind: 'allowed', trialEnd: new Date(newEnd).toISOString() };
}

/** Who wants to pay now: the trial ends at that moment, and the first period begins with it. */
export function convertTrial(trial: RunningTrial & { readonly hasMethod: boolean }): TrialChange {
  const { endsAt, at, hasMethod } = trial;
  if (endsAt === null || !isRunning(endsAt, at)) return notTrialing();
  if (!hasMethod) return refused('subscription.method_required', 'a payment method is needed to end the trial early');
  return { kind: 'allowed', trialEnd: new Date(at).toISOString() };
}

function isRunning(endsAt: string, at: string): boolean {
  return Date.parse(at) < Date.parse(endsAt);
}

function notTrialing(): TrialChange {
  return refused('subscription.not_trialing', 'the subscription is not in its trial');
}

function refused(code: FailureCode, message: string): TrialChange {
  return { kind: 'refused', code, message };
}

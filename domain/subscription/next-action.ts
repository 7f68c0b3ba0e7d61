import { jitterMs } from '../periods/jitter.ts';
import { usageGraceMs } from '../usage/usage-window.ts';
import { announcedLimit } from './pause-limit.ts';
import type { Subscription } from './subscription.ts';
import { hasEnded } from './subscription-status.ts';

/** Why something has to be done: permanent words, which timers in histories are summed up in. */
const actionReasons = [
  'cancel',
  'pause',
  'resume',
  'pause_limit',
  'trial_end',
  'renew',
  'retry_payment',
  'look_up',
  'dunning_stage',
  'notice',
] as const;
export type ActionReason = (typeof actionReasons)[number];

export interface NextAction {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly reason: ActionReason;
  /** Whether it may move money. */
  readonly step: 'act' | 'collect';
}

/** Renewals of one moment are spread over this time, or midnight would be a storm. Periods are not moved by it. */
const renewalSpreadMs = 10 * 60_000;

/**
 * What has to be done next, and when; null when the subscription has ended. Told from the record alone, so that whoever
 * reads it after a crash finds the same. Of several at one moment the first in the order of `actionReasons`.
 */
export function nextAction(subscription: Subscription): NextAction | null {
  if (hasEnded(subscription.status)) return null;
  const known = candidates(subscription).sort(
    (one, other) =>
      compare(one.at, other.at) || actionReasons.indexOf(one.reason) - actionReasons.indexOf(other.reason),
  );
  return known[0] ?? null;
}

function candidates(subscription: Subscription): NextAction[] {
  const { cancelAt, notices } = subscription;
  const told = notices.flatMap(({ sentAt, sendAt }) =>
    sentAt === null ? [{ at: sendAt, reason: 'notice', step: 'act' } as const] : [],
  );
  const cancel = cancelAt === null ? [] : [{ at: cancelAt, reason: 'cancel', step: 'collect' } as const];
  return [...cancel, ...told, ...billing(subscription)];
}

function billing(subscription: Subscription): NextAction[] {
  const { openBill, dunning, status, pause, period, id, cancelAt } = subscription;
  if (openBill !== null) {
    const look = action(openBill.lookAt, 'look_up', 'collect');
    const moment = action(dunning?.nextMomentAt ?? null, 'dunning_stage', 'act');
    if (look.length > 0) return [...look, ...moment];
    if (dunning !== null) return [...action(dunning.nextRetryAt, 'retry_payment', 'collect'), ...moment];
    return action(openBill.openedAt, 'renew', 'collect');
  }
  if (status === 'paused') return pauseEnd(subscription);
  const pausing = action(pause?.from ?? null, 'pause', 'act');
  // What ends with the period is not renewed first.
  if (cancelAt !== null && cancelAt <= period.end) return pausing;
  if (pause !== null && pause.from <= period.end) return pausing;
  const grace = subscription.items.some(({ usage }) => usage === 'metered') ? usageGraceMs : 0;
  const spread = new Date(Date.parse(period.end) + grace + jitterMs(id, renewalSpreadMs)).toISOString();
  const reason = status === 'trialing' ? 'trial_end' : 'renew';
  return [...pausing, ...action(spread, reason, 'collect')];
}

/** As it was agreed; without an end, at its limit. */
function pauseEnd({ pause, notices, cancelAt }: Subscription): NextAction[] {
  if (pause?.until != null) return action(pause.until, 'resume', 'collect');
  // What is going to end has no limit to reach.
  return cancelAt === null ? action(announcedLimit(notices), 'pause_limit', 'act') : [];
}

function action(at: string | null, reason: ActionReason, step: NextAction['step']): NextAction[] {
  return at === null ? [] : [{ at, reason, step }];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

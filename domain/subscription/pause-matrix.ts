import type { FailureCode } from '../failures.ts';

/** What can meet a pause. */
export const pauseEvents = [
  'cancel_now',
  'cancel_period_end',
  'change_now',
  'change_period_end',
  'trial',
  'renewal',
  'discount_end',
  'card_expiry',
  'payment_method',
  'unpaid',
  'usage',
  'one_off_item',
  'pause',
  'resume',
] as const;
export type PauseEvent = (typeof pauseEvents)[number];

/** `scheduled`: agreed and not begun; the subscription runs on. `running`: its status is `paused`. */
export const pauseStates = ['scheduled', 'running'] as const;
export type PauseState = (typeof pauseStates)[number];

/**
 * - `goes_on`: as if there were no pause;
 * - `ends_pause`: takes effect and the pause is cleared from the record;
 * - `waits`: is kept and takes effect with the resume, before its charge;
 * - `stands_still`: does not happen and does not count while it is paused;
 * - `refused`: a clear no, by `refusal`.
 */
export type PauseOutcome = 'goes_on' | 'ends_pause' | 'waits' | 'stands_still' | 'refused';

export interface PauseRule {
  readonly outcome: PauseOutcome;
  /** Null unless refused. */
  readonly refusal: FailureCode | null;
  /** One sentence for docs/subscriptions.md. */
  readonly says: string;
}

const rule = (outcome: Exclude<PauseOutcome, 'refused'>, says: string): PauseRule => ({ outcome, refusal: null, says });
const refused = (refusal: FailureCode, says: string): PauseRule => ({ outcome: 'refused', refusal, says });

/**
 * The whole matrix: what a pause does to everything that can meet it. A pause costs nothing and gives no access; time that
 * was paid for before it is not given back, which is why it begins with the end of a period unless somebody asks otherwise.
 * The resume begins a new period at its own moment and charges it first.
 */
export const pauseMatrix = {
  cancel_now: {
    scheduled: rule('ends_pause', 'Cancels at once, with the refund that policy gives; the pause is cleared.'),
    running: rule('ends_pause', 'Cancels at once; nothing is refunded, as nothing was paid for; the pause is cleared.'),
  },
  cancel_period_end: {
    scheduled: rule('ends_pause', 'Is scheduled, and the pause is cleared: what is going to end is not paused first.'),
    running: rule('ends_pause', 'Cancels at once: a paused subscription has no period whose end could be waited for.'),
  },
  change_now: {
    scheduled: rule('goes_on', 'Is charged, credited and applied as ever; the pause stays scheduled.'),
    running: rule('waits', 'Nothing is charged or credited; the resume begins with the new items and charges them.'),
  },
  change_period_end: {
    scheduled: rule(
      'waits',
      'Is applied with the next period that is billed: when the pause comes first, with the resume.',
    ),
    running: rule('waits', 'Is applied with the resume, before its charge.'),
  },
  trial: {
    scheduled: rule(
      'goes_on',
      'A pause never lengthens a trial: one that is asked for in it begins with its end, uncharged.',
    ),
    running: rule('stands_still', 'The trial is over; the resume begins the first paid period.'),
  },
  renewal: {
    scheduled: rule('goes_on', 'Periods that end before the pause begins are renewed.'),
    running: rule(
      'stands_still',
      'Nothing is renewed, noticed or dunned; the billing day moves to that of the resume.',
    ),
  },
  discount_end: {
    scheduled: rule('goes_on', 'A repeating discount counts periods that are billed.'),
    running: rule(
      'stands_still',
      'No period is billed, so none of the discount is used up; the resume still has what is left.',
    ),
  },
  card_expiry: {
    scheduled: rule('goes_on', 'The card is not needed before the next charge.'),
    running: rule(
      'waits',
      'Nothing is charged. The resume tries the card, then the backup, and without either is refused.',
    ),
  },
  payment_method: {
    scheduled: rule('goes_on', 'Is kept, and collects what is unpaid at once.'),
    running: rule('goes_on', 'Is kept for the resume; nothing is charged.'),
  },
  unpaid: {
    scheduled: rule(
      'stands_still',
      'A renewal that is still unpaid when the pause would begin goes first: dunning, then the pause.',
    ),
    running: rule('stands_still', 'Cannot be: what is unpaid cannot be paused.'),
  },
  usage: {
    scheduled: rule('goes_on', 'Is recorded up to the moment at which the pause begins.'),
    running: refused(
      'usage.paused',
      'Usage at a moment of the pause is refused; that of before is billed with the next invoice.',
    ),
  },
  one_off_item: {
    scheduled: rule('waits', 'Is on the next invoice: when the pause comes first, on that of the resume.'),
    running: rule('waits', 'Is on the invoice of the resume.'),
  },
  pause: {
    scheduled: rule('goes_on', 'Replaces the schedule.'),
    running: rule('goes_on', 'Replaces the end of the pause; its begin has happened.'),
  },
  resume: {
    scheduled: rule('ends_pause', 'The pause is cleared before it begins; nothing is charged.'),
    running: rule(
      'ends_pause',
      'Charges a new period that begins now. Declined: asked for, it stays paused; on schedule, it is past due.',
    ),
  },
} as const satisfies Record<PauseEvent, Record<PauseState, PauseRule>>;

export function pauseRule(event: PauseEvent, state: PauseState): PauseRule {
  return pauseMatrix[event][state];
}

/** Null when there is no pause to meet. @param at ISO 8601 UTC */
export function pauseStateAt(pause: { readonly from: string } | null, at: string): PauseState | null {
  if (pause === null) return null;
  return Date.parse(at) < Date.parse(pause.from) ? 'scheduled' : 'running';
}

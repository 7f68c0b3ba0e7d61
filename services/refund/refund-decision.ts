import { fail, isFailure } from '../../domain/failures.ts';
import { approvalPolicyAt, approvalsNeeded } from '../../domain/refund/approvals.ts';
import { isCancellable } from '../../domain/refund/refund-record-status.ts';
import type { Refund, RefundVote } from '../../domain/refund/refund.ts';
import type { RefundIntake } from './refund-intake.ts';
import type { RefundJudge } from './refund-judge.ts';
import type { RefundMessages } from './refund-messages.ts';
import type { RefundWait } from './refund-steps.ts';
import type { RefundChange, RefundDocument, RefundStore } from './refund-store.ts';

const hourMs = 3_600_000;

export interface RefundDecisionDeps {
  readonly store: RefundStore;
  readonly intake: RefundIntake;
  readonly judge: RefundJudge;
  readonly messages: RefundMessages;
}

/** Who decides about a refund, and until when. Every decision is one conditional update of the record. */
export function createRefundDecision({ store, intake, judge, messages }: RefundDecisionDeps) {
  /** Reads, changes, and reads again when somebody was faster. */
  async function changed(refundId: string, change: (refund: RefundDocument) => RefundChange | null) {
    for (let round = 0; round < mostRounds; round += 1) {
      const refund = await store.require(refundId);
      const wanted = change(refund);
      if (wanted === null) return refund;
      const written = await store.change(refund, wanted);
      if (written !== null) return written;
    }
    return fail('store.unavailable', `refund ${refundId} changes too often`);
  }

  /** What a decision means for the reservation and for the customer; each part is a no-op when it was done. */
  async function follow(refund: RefundDocument, at: string): Promise<RefundDocument> {
    if (refund.status === 'refused' || refund.status === 'cancelled')
      await intake.release(refund.orderId, refund.id, 'cancelled');
    await messages.tellDecision(refund, at);
    return refund;
  }

  /** With what it takes reserved; refused when that is not left any more. */
  async function held(refund: RefundDocument, at: string): Promise<RefundDocument> {
    try {
      return await intake.hold(refund, at);
    } catch (error) {
      if (!isFailure(error) || error.definition.retryable) throw error;
      await intake.refuseUnreserved(refund, error, at);
      return store.require(refund.id);
    }
  }

  /** Reserved → judged by the rules → approved, refused, or before people. */
  async function judged(recorded: RefundDocument, at: string): Promise<RefundDocument> {
    const refund = await held(recorded, at);
    if (refund.status !== 'requested') return refund;
    const { judgement, parts } = await judge(refund);
    if (judgement?.kind === 'refused')
      return changed(refund.id, (known) =>
        known.status === 'requested' ? refusal(known, judgement.rule, { at, judgement }) : null,
      );
    const cut = await intake.cut(refund, parts);
    const needed = approvalsNeeded({ ...refund, ...cut }, judgement, at);
    return changed(refund.id, (known) => {
      if (known.status !== 'requested') return null;
      const set = { ...cut, judgement, approvalsNeeded: needed };
      if (needed === 0) return { event: 'approved', at, status: 'approved', set };
      return { event: 'approval_requested', at, status: 'awaiting_approval', set: { ...set, ...waitForPeople(at) } };
    });
  }

  /** What the time that has passed means for a refund that waits for people. */
  function passed(refund: RefundDocument, at: string): RefundChange | null {
    if (!waitsForPeople(refund) || refund.decideBy === null) return null;
    if (at >= refund.decideBy) {
      // What the rules grant is not lost because nobody looked.
      if (refund.status === 'awaiting_approval' && refund.judgement?.kind === 'granted')
        return { event: 'approved', at, note: 'approval_deadline', status: 'approved', set: { decideBy: null } };
      return refusal(refund, 'approval_deadline', { at, judgement: refund.judgement });
    }
    if (refund.escalatedAt !== null || refund.escalateAt === null || at < refund.escalateAt) return null;
    return { event: 'escalated', at, set: { escalatedAt: at } };
  }

  async function vote(
    refundId: string,
    decision: RefundVote['decision'],
    said: Omit<RefundVote, 'decision' | 'at'>,
    at: string,
  ) {
    const refund = await changed(refundId, (known) => {
      if (!waitsForPeople(known)) return fail('refund.not_waiting', `refund ${refundId} is ${known.status}`);
      if (known.votes.some(({ by }) => by === said.by)) return fail('refund.same_person');
      const votes = [...known.votes, { decision, ...said, at }];
      if (decision === 'reject') {
        const { set, ...refused } = refusal(known, 'rejected', { at, judgement: known.judgement });
        return { ...refused, set: { ...set, votes } };
      }
      const since = known.appeal?.at ?? known.requestedAt;
      const agreed = votes.filter((one) => one.decision === 'approve' && one.at >= since).length;
      if (agreed < Math.max(1, known.approvalsNeeded)) return { event: 'vote_cast', at, note: said.by, set: { votes } };
      return {
        event: 'approved',
        at,
        note: said.by,
        status: 'approved',
        set: { votes, decideBy: null, statusReason: null },
      };
    });
    return follow(refund, at);
  }

  return {
    /** Takes the next step that is due: judges, reminds, ends a wait. Repeatable; answers what is waited for then. */
    async advance(refundId: string, at: string): Promise<RefundWait> {
      const refund = await store.require(refundId);
      const judgedRefund = refund.status === 'requested' ? await judged(refund, at) : refund;
      const now = await changed(judgedRefund.id, (known) => passed(known, at));
      return waitOf(await follow(now, at), at);
    },

    approve: (refundId: string, said: Omit<RefundVote, 'decision' | 'at'>, at: string): Promise<Refund> =>
      vote(refundId, 'approve', said, at),

    reject: (refundId: string, said: Omit<RefundVote, 'decision' | 'at'>, at: string): Promise<Refund> =>
      vote(refundId, 'reject', said, at),

    /** Before money moves. @throws refund.too_late, refund.not_found */
    async cancel(refundId: string, at: string): Promise<Refund> {
      const refund = await changed(refundId, ({ status }) => {
        if (status === 'cancelled') return null;
        if (!isCancellable(status)) return fail('refund.too_late', `refund ${refundId} is ${status}`);
        return { event: 'cancelled', at, status: 'cancelled', set: { decideBy: null } };
      });
      return follow(refund, at);
    },

    /** A refusal is looked at by a person. @throws refund.not_waiting, refund.exceeds, refund.not_found */
    async appeal(refundId: string, comment: string, at: string): Promise<Refund> {
      const refund = await store.require(refundId);
      if (refund.status === 'appealed' && refund.appeal !== null) return refund;
      if (
        refund.status !== 'refused' ||
        refund.appeal !== null ||
        refund.appealUntil === null ||
        at >= refund.appealUntil
      )
        return fail('refund.not_waiting', `refund ${refundId} cannot be appealed`);
      const { amount, parts = [], toCredit = 0 } = await intake.reserve(refund);
      const appealed = await store.change(refund, {
        ...{ event: 'appealed', at, status: 'appealed' },
        set: { amount, parts, toCredit, appeal: { comment, at }, appealUntil: null, ...waitForPeople(at) },
      });
      return appealed ?? fail('refund.not_waiting', `refund ${refundId} has changed meanwhile`);
    },
  };
}

const mostRounds = 50;

function waitsForPeople({ status }: Refund): boolean {
  return status === 'awaiting_approval' || status === 'appealed';
}

function waitForPeople(at: string): Pick<Refund, 'escalateAt' | 'escalatedAt' | 'decideBy'> {
  const { escalateAfterHours, decideWithinHours } = approvalPolicyAt(at);
  return { escalateAt: after(at, escalateAfterHours), escalatedAt: null, decideBy: after(at, decideWithinHours) };
}

/** A customer may appeal once; a merchant asks again instead. */
function refusal(
  refund: RefundDocument,
  reason: string,
  { at, judgement }: Pick<Refund, 'judgement'> & { readonly at: string },
): RefundChange {
  const appealable = refund.requestedBy === 'customer' && refund.appeal === null;
  const appealUntil = appealable ? after(at, approvalPolicyAt(at).appealWithinDays * 24) : null;
  const set = { judgement, statusReason: reason, appealUntil, decideBy: null };
  return { event: 'refused', at, note: reason, status: 'refused', set };
}

function waitOf(refund: RefundDocument, at: string): RefundWait {
  const { status, decideBy, escalateAt, escalatedAt, appealUntil, approvalsNeeded: people } = refund;
  switch (status) {
    case 'awaiting_approval':
    case 'appealed': {
      const until = (escalatedAt === null ? escalateAt : decideBy) ?? at;
      return { kind: 'person', until, people: Math.max(1, people), escalated: escalatedAt !== null };
    }
    case 'refused':
      return appealUntil === null || at >= appealUntil ? { kind: 'ended' } : { kind: 'appeal', until: appealUntil };
    case 'cancelled':
    case 'failed':
    case 'requested':
      return { kind: 'ended' };
    case 'approved':
    case 'paying_back':
    case 'awaiting_other_means':
    case 'succeeded':
    case 'needs_attention':
      return { kind: 'approved' };
  }
}

function after(at: string, hours: number): string {
  return new Date(Date.parse(at) + hours * hourMs).toISOString();
}

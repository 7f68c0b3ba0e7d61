import type { BulkRefundCounts, BulkRefundStatus } from '../../domain/bulk-refund/bulk-refund.ts';
import { fail } from '../../domain/failures.ts';
import { approvalsNeeded } from '../../domain/refund/approvals.ts';
import type { OrderStore } from '../order/order-store.ts';
import type { RefundService } from '../refund/refund-service.ts';
import type { RefundDocument } from '../refund/refund-store.ts';
import { canonicalHash } from '../store/canonical-hash.ts';
import { createBulkRefundDryRun, refusalOf } from './bulk-refund-dry-run.ts';
import type { BulkRefundItemDocument, BulkRefundItemStore, ItemPage } from './bulk-refund-item-store.ts';
import { countsOf } from './bulk-refund-item-store.ts';
import { bulkRefundRequestSchema } from './bulk-refund-request.ts';
import type { BulkRefundRequest } from './bulk-refund-request.ts';
import type { BulkRefundChange, BulkRefundDocument, BulkRefundStore } from './bulk-refund-store.ts';
import { bulkRefundView, byCurrency } from './bulk-refund-view.ts';
import type { BulkRefundView } from './bulk-refund-view.ts';
import { standingOf } from './refund-standing.ts';
import { wantedRefund } from './wanted-refund.ts';

const dayMs = 86_400_000;
/** After a week the dry run says nothing about today; a pause that nobody ends is over after a quarter. */
const confirmWithinDays = 7;
const pauseAtMostDays = 90;
/** Refunds that one step starts: about a second, so that a kill loses little. */
const chunk = 25;
/** Written at the same time. */
const parallel = 5;
const mostRounds = 50;
/** One sweep starts at most this many; the next one goes on. */
const sweepBatch = 20;

export interface BulkRefundServiceDeps {
  readonly store: BulkRefundStore;
  readonly items: BulkRefundItemStore;
  readonly orders: Pick<OrderStore, 'find' | 'require' | 'soldBetween'>;
  readonly refunds: Pick<RefundService, 'preview' | 'requestRefund' | 'ofIds' | 'markStarted'>;
  /** Refunds of one bulk refund that may be on their way at a time. */
  readonly inFlight: number;
}

/** What is to be done next. */
export interface BulkRefundStep {
  readonly status: BulkRefundStatus;
  readonly counts: BulkRefundCounts;
  /** `wait`: until then, ISO 8601 UTC, or until somebody says something; null: look again soon. */
  readonly next:
    { readonly kind: 'go_on' } | { readonly kind: 'wait'; readonly until: string | null } | { readonly kind: 'ended' };
}

/** Starts the workflow of a recorded refund; starting it again changes nothing. */
export type StartBulkRefundItem = (refund: RefundDocument) => Promise<void>;

export type BulkRefundService = ReturnType<typeof createBulkRefundService>;

/**
 * Many refunds as one job: dry run → confirmed by a person → one ordinary refund per order, so many at a time → report.
 * Every step is repeatable; what people say is one conditional update of the record.
 */
export function createBulkRefundService(deps: BulkRefundServiceDeps) {
  const { store, items, orders, refunds, inFlight } = deps;
  const dryRun = createBulkRefundDryRun(deps);

  /** Reads, changes, and reads again when somebody was faster. null: it is as wanted. */
  async function changed(id: string, change: (job: BulkRefundDocument) => BulkRefundChange | null) {
    for (let round = 0; round < mostRounds; round += 1) {
      const job = await store.require(id);
      const wanted = change(job);
      const written = wanted === null ? job : await store.change(job, wanted);
      if (written !== null) return written;
    }
    return fail('store.unavailable', `bulk refund ${id} changes too often`);
  }

  async function viewed(job: BulkRefundDocument): Promise<BulkRefundView> {
    return bulkRefundView(job, await items.groups(job._id));
  }

  /** Reads how the refunds stand that were not settled when it last looked. Answers how many have moved. */
  async function followStarted(id: string): Promise<number> {
    let moved = 0;
    const open = await items.inStates(id, ['started', 'with_gateway', 'needs_person'], 10 * inFlight);
    const found = await refunds.ofIds(open.map(({ refundId }) => refundId));
    for (const item of open) {
      const refund = found.find((one) => one.id === item.refundId);
      if (refund === undefined) continue;
      const to = standingOf(refund);
      if (to.state === item.state && to.reason === item.reason) continue;
      await items.move(item, { ...to, amount: refund.amount });
      moved += 1;
    }
    return moved;
  }

  async function startOne(
    item: BulkRefundItemDocument,
    job: BulkRefundDocument,
    start: StartBulkRefundItem,
    at: string,
  ) {
    const { refundId, orderId } = item;
    try {
      const request = wantedRefund(await orders.require(orderId), job.request);
      const refund = await refunds.requestRefund(request, { refundId, at });
      await start(refund);
      await refunds.markStarted(refundId, at);
      await items.move(item, { state: 'started', reason: null, amount: refund.amount });
    } catch (error) {
      // What changed since the dry run: somebody refunded it, or disputes it.
      await items.move(item, { state: 'refused', reason: refusalOf(error), amount: 0 });
    }
  }

  /** As many as may be on their way now. Answers how many. */
  async function startNext(job: BulkRefundDocument, start: StartBulkRefundItem, at: string): Promise<number> {
    const room = inFlight - (await items.count(job._id, 'started'));
    if (room <= 0) return 0;
    const next = await items.inStates(job._id, ['planned'], Math.min(chunk, room));
    for (let index = 0; index < next.length; index += parallel)
      await Promise.all(next.slice(index, index + parallel).map((item) => startOne(item, job, start, at)));
    return next.length;
  }

  async function prepare(job: BulkRefundDocument, at: string): Promise<BulkRefundStep['next']> {
    const seen = await dryRun.lookAtNext(job, at);
    if (seen === 'more') return { kind: 'go_on' };
    const waitUntil = daysAfter(at, confirmWithinDays);
    await changed(job._id, ({ status }) => {
      if (status !== 'preparing') return null;
      return seen === 'too_many'
        ? { event: 'cancelled', at, status: 'cancelled', set: { endedAt: at, statusReason: 'too_many_orders' } }
        : { event: 'prepared', at, status: 'awaiting_confirmation', set: { waitUntil } };
    });
    return { kind: 'go_on' };
  }

  async function refundNext(
    job: BulkRefundDocument,
    start: StartBulkRefundItem,
    at: string,
  ): Promise<BulkRefundStep['next']> {
    const settled = await followStarted(job._id);
    const begun = await startNext(job, start, at);
    if (begun > 0) return { kind: 'go_on' };
    const open = (await items.count(job._id, 'planned')) + (await items.count(job._id, 'started'));
    if (open > 0) return settled > 0 ? { kind: 'go_on' } : { kind: 'wait', until: null };
    await changed(job._id, ({ status }) =>
      status === 'running' ? { event: 'completed', at, status: 'completed', set: { endedAt: at } } : null,
    );
    return { kind: 'go_on' };
  }

  /** The wait for a person is over. */
  function overdue({ status, waitUntil }: BulkRefundDocument, at: string): BulkRefundChange | null {
    if (waitUntil === null || at < waitUntil) return null;
    const set = { waitUntil: null, endedAt: at };
    if (status === 'awaiting_confirmation')
      return { event: 'expired', at, status: 'expired', set: { ...set, statusReason: 'confirmation_deadline' } };
    if (status === 'paused')
      return { event: 'cancelled', at, status: 'cancelled', set: { ...set, statusReason: 'pause_deadline' } };
    return null;
  }

  return {
    /** Writes the job down; its workflow is started by the caller, else by the sweep. @throws request.invalid, idempotency.conflict */
    async request(request: BulkRefundRequest, { id, at }: { readonly id: string; readonly at: string }) {
      const read = bulkRefundRequestSchema.safeParse(request);
      if (!read.success) {
        const problems = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
        return fail('request.invalid', problems[0]?.message, problems);
      }
      return store.insert({
        ...{
          _id: id,
          request: read.data,
          requestHash: canonicalHash(read.data),
          status: 'preparing',
          statusReason: null,
        },
        ...{ prepared: { orders: 0, last: null }, waitUntil: null, confirmedBy: null },
        ...{ requestedAt: at, startedAt: null, confirmedAt: null, endedAt: null },
        timeline: [{ at, event: 'requested', by: read.data.by }],
        revision: 1,
      });
    },

    /** Takes the next step: looks at orders, starts refunds, ends a wait. Repeatable. */
    async advance(id: string, start: StartBulkRefundItem, at: string): Promise<BulkRefundStep> {
      const job = await changed(id, (known) => overdue(known, at));
      const next = await step(job);
      return { status: job.status, counts: countsOf(await items.groups(id)), next };

      async function step(now: BulkRefundDocument): Promise<BulkRefundStep['next']> {
        switch (now.status) {
          case 'preparing':
            return prepare(now, at);
          case 'running':
            return refundNext(now, start, at);
          case 'paused':
            // Those on their way go on, and are seen.
            return (await followStarted(id)) + (await items.count(id, 'started')) > 0
              ? { kind: 'wait', until: null }
              : { kind: 'wait', until: now.waitUntil };
          case 'awaiting_confirmation':
            return { kind: 'wait', until: now.waitUntil };
          case 'completed':
          case 'cancelled':
          case 'expired':
            return { kind: 'ended' };
        }
      }
    },

    /**
     * Lets it run: from here money moves. Above the amount for which two people are needed, the second one says it.
     * @throws bulk_refund.not_waiting, bulk_refund.same_person, bulk_refund.not_found
     */
    async confirm(id: string, by: string, at: string): Promise<BulkRefundView> {
      const planned = byCurrency((await items.groups(id)).filter(({ state }) => state === 'planned'));
      const job = await changed(id, ({ status, request, confirmedBy }) => {
        if (confirmedBy !== null && status !== 'awaiting_confirmation' && confirmedBy === by) return null;
        if (status !== 'awaiting_confirmation') return refuse(id, status);
        const needed = planned.map((sum) =>
          approvalsNeeded({ ...sum, cause: 'request', requestedBy: 'merchant' }, null, at),
        );
        if (by === request.by && Math.max(0, ...needed) > 1) return fail('bulk_refund.same_person');
        const set = { waitUntil: null, confirmedBy: by, confirmedAt: at };
        return { event: 'confirmed', at, by, status: 'running', set };
      });
      return viewed(job);
    },

    /** Starts no more refunds; those on their way go on. @throws bulk_refund.not_waiting, bulk_refund.not_found */
    async pause(id: string, by: string, at: string): Promise<BulkRefundView> {
      const waitUntil = daysAfter(at, pauseAtMostDays);
      const job = await changed(id, ({ status }) => {
        if (status === 'paused') return null;
        return status === 'running'
          ? { event: 'paused', at, by, status: 'paused', set: { waitUntil } }
          : refuse(id, status);
      });
      return viewed(job);
    },

    /** @throws bulk_refund.not_waiting, bulk_refund.not_found */
    async resume(id: string, by: string, at: string): Promise<BulkRefundView> {
      const job = await changed(id, ({ status }) => {
        if (status === 'running') return null;
        return status === 'paused'
          ? { event: 'resumed', at, by, status: 'running', set: { waitUntil: null } }
          : refuse(id, status);
      });
      return viewed(job);
    },

    /** For good; refunds on their way go on. @throws bulk_refund.not_waiting, bulk_refund.not_found */
    async cancel(id: string, by: string, at: string): Promise<BulkRefundView> {
      const job = await changed(id, ({ status }) => {
        if (status === 'cancelled') return null;
        if (status === 'completed' || status === 'expired') return refuse(id, status);
        return { event: 'cancelled', at, by, status: 'cancelled', set: { waitUntil: null, endedAt: at } };
      });
      return viewed(job);
    },

    /** @throws bulk_refund.not_found */
    view: async (id: string): Promise<BulkRefundView> => viewed(await store.require(id)),

    /** Its orders, in the order of the selection. @throws bulk_refund.not_found */
    async itemsOf(id: string, page: ItemPage): Promise<readonly BulkRefundItemDocument[]> {
      await store.require(id);
      return items.page(id, page);
    },

    unstarted: (olderThan: string): Promise<readonly BulkRefundDocument[]> => store.unstarted(olderThan, sweepBatch),
    markStarted: (id: string, at: string): Promise<void> => store.markStarted(id, at),
  };
}

function refuse(id: string, status: BulkRefundStatus): never {
  return fail('bulk_refund.not_waiting', `bulk refund ${id} is ${status}`);
}

function daysAfter(at: string, days: number): string {
  return new Date(Date.parse(at) + days * dayMs).toISOString();
}

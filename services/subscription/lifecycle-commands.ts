import { fail, isFailure } from '../../domain/failures.ts';
import { pauseRule, pauseStateAt } from '../../domain/subscription/pause-matrix.ts';
import { unusedCredit } from '../../domain/subscription/proration.ts';
import type { Subscription } from '../../domain/subscription/subscription.ts';
import type { OrderStore } from '../order/order-store.ts';
import { refundIdOf } from '../refund/refund-id.ts';
import type { RefundService } from '../refund/refund-service.ts';
import type { BillCollection } from './bill-collection.ts';
import { answerOf, carriedOut } from './command-answer.ts';
import type { Commanded, CommandMoment } from './command-answer.ts';
import type { CycleOpening } from './cycle-opening.ts';
import type { PlanChanges } from './plan-change.ts';
import type { SubscriptionMessages } from './subscription-messages.ts';
import type { SubscriptionNotices } from './subscription-notices.ts';
import type { CommandRequest } from './subscription-steps.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface LifecycleDeps {
  readonly store: SubscriptionStore;
  readonly orders: Pick<OrderStore, 'require'>;
  readonly cycles: CycleOpening;
  readonly collection: BillCollection;
  readonly changes: Pick<PlanChanges, 'billedLines'>;
  readonly refunds: Pick<RefundService, 'requestRefund'>;
  readonly messages: SubscriptionMessages;
  readonly notices: SubscriptionNotices;
}

type Request<Kind extends CommandRequest['kind']> = Extract<CommandRequest, { readonly kind: Kind }>;

export type LifecycleCommands = ReturnType<typeof createLifecycleCommands>;

/** Leaving, coming back, resting: what a customer may decide at any time. */
export function createLifecycleCommands(deps: LifecycleDeps) {
  const { store, orders, cycles, collection, changes, refunds, messages, notices } = deps;

  async function replanned(known: Subscription, at: string) {
    return notices.plan(known, await orders.require(known.sourceOrder), at);
  }

  /** The unused time goes back through the ordinary process of refunds, whose policy decides. */
  async function refundUnused(
    known: SubscriptionDocument,
    { by }: Request<'cancel'>,
    { commandId, at }: CommandMoment,
  ) {
    const { billed } = await changes.billedLines(
      known,
      known.items.map(({ id }) => id),
    );
    const unused = unusedCredit(billed, at);
    for (const order of new Set(unused.map((one) => one.order))) {
      const lines = unused.filter((one) => one.order === order).map(({ line, amount }) => ({ line, amount }));
      const request = {
        order,
        lines,
        reason: 'subscription_cancelled',
        requestedBy: by,
        cause: 'cancellation',
      } as const;
      try {
        await refunds.requestRefund(request, { refundId: refundIdOf(['subscription', commandId, order]), at });
      } catch (error) {
        // Whoever leaves leaves, whatever is left of the money.
        if (!isFailure(error) || error.definition.status >= 500) throw error;
      }
    }
  }

  return {
    async cancel(known: SubscriptionDocument, request: Request<'cancel'>, command: CommandMoment): Promise<Commanded> {
      const { commandId, at } = command;
      const { reason, comment, by } = request;
      const cancellation = { reason, comment, by, voluntary: true, at };
      // Who is paused or unpaid has no period whose end could be waited for.
      const isNow = request.when === 'now' || known.status === 'paused' || known.dunning !== null;
      if (!isNow) {
        const leaving = { cancelAt: known.period.end, cancellation, pause: null };
        const until = known.period.end;
        const order = known.latestOrder;
        const says = { until, ending: 'period_end' } as const;
        await messages.queue(known, {
          template: 'subscription_cancelled',
          about: `cancel/${commandId}`,
          order,
          says,
          at,
        });
        const planned = await replanned({ ...known, ...leaving }, at);
        const changes = { ...leaving, notices: planned, tell: order };
        return carriedOut(store, known, { commandId, changes, at: until });
      }
      if (known.openBill?.lookAt != null && known.openBill.kind !== 'cycle')
        fail('subscription.bill_open', 'a charge is being settled; ask again in a moment');
      const paid = known.status === 'active' && known.openBill === null;
      // A withdrawal has its own refund, by the law's measure.
      if (paid && reason !== 'withdrawal') await refundUnused(known, request, command);
      // The rest is due now: what was used is billed, access ends.
      return carriedOut(store, known, { commandId, changes: { cancelAt: at, cancellation }, at: null });
    },

    async reactivate(known: SubscriptionDocument, { commandId, at }: CommandMoment): Promise<Commanded> {
      if (known.cancelAt === null || known.cancelAt <= at) fail('subscription.not_cancelled');
      const stays = { cancelAt: null, cancellation: null };
      const order = known.latestOrder;
      const says = { from: at, until: known.period.end };
      const template = 'subscription_reactivated';
      await messages.queue(known, { template, about: `reactivate/${commandId}`, order, says, at });
      const planned = await replanned({ ...known, ...stays }, at);
      return carriedOut(store, known, { commandId, changes: { ...stays, notices: planned, tell: order }, at: null });
    },

    async pause(
      known: SubscriptionDocument,
      request: Request<'pause'>,
      { commandId, at }: CommandMoment,
    ): Promise<Commanded> {
      if (known.openBill !== null) fail('subscription.bill_open');
      if (known.cancelAt !== null) fail('subscription.cancelling', 'what is going to end is not paused first');
      const { until } = request;
      const running = known.status === 'paused';
      const from = running ? (known.pause?.from ?? at) : pauseStart(known, request.from, at);
      if (until !== null && (until <= from || until <= at))
        fail('subscription.not_pausable', `until: the pause begins at ${from}`, [
          { path: 'until', message: `must be after ${from}` },
        ]);
      const pause = { from, until };
      const planned = await replanned({ ...known, pause }, at);
      // What begins now is begun by the next step.
      const begins = from <= at ? null : from;
      return carriedOut(store, known, { commandId, changes: { pause, notices: planned }, at: begins });
    },

    async resume(known: SubscriptionDocument, { commandId, at }: CommandMoment): Promise<Commanded> {
      if (known.openBill?.command === commandId)
        return answerOf(await collection.collect(known, at), known.openBill.order);
      if (known.openBill !== null) fail('subscription.bill_open');
      const state = pauseStateAt(known.pause, at);
      if (state === null) return fail('subscription.not_paused');
      if (known.status !== 'paused' && pauseRule('resume', state).outcome === 'ends_pause') {
        const planned = await replanned({ ...known, pause: null }, at);
        return carriedOut(store, known, { commandId, changes: { pause: null, notices: planned }, at: null });
      }
      if (known.payment === null) fail('subscription.method_required');
      const opened = await cycles.onRequest(known, { command: commandId, at, follows: 'pause' });
      return answerOf(await collection.collect(opened, at), opened.openBill?.order ?? '');
    },
  };
}

/** With the end of the period unless somebody asks otherwise; in a trial never before its end. */
function pauseStart({ status, period }: SubscriptionDocument, from: string | null, at: string): string {
  if (from === null || from === 'period_end' || status === 'trialing') return period.end;
  const start = from === 'now' ? at : from;
  if (start >= at) return start;
  return fail('subscription.not_pausable', `from: ${start} has passed`, [{ path: 'from', message: 'has passed' }]);
}

import { fail } from '../../domain/failures.ts';
import type { OpenBill } from '../../domain/subscription/subscription.ts';
import { canonicalHash } from '../store/canonical-hash.ts';
import type { BillCollection } from './bill-collection.ts';
import { answerOf, carriedOut } from './command-answer.ts';
import type { Commanded, CommandMoment } from './command-answer.ts';
import type { CommandStore } from './command-store.ts';
import type { PlanChanges, PlannedChange } from './plan-change.ts';
import { updateOrderId } from './subscription-ids.ts';
import type { SubscriptionMessages } from './subscription-messages.ts';
import type { ChangePreview, CommandRequest, SubscriptionChange } from './subscription-steps.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface ChangeDeps {
  readonly store: SubscriptionStore;
  readonly commands: CommandStore;
  readonly changes: PlanChanges;
  readonly collection: BillCollection;
  readonly messages: SubscriptionMessages;
}

/** How long a preview may be charged: somebody reads it and presses the button. */
const previewHoldsMs = 30 * 60_000;

type ChangeRequest = Extract<CommandRequest, { readonly kind: 'change' }>;

export type ChangeCommands = ReturnType<typeof createChangeCommands>;

/** Previews, changes at once and changes with the next period. */
export function createChangeCommands({ store, commands, changes, collection, messages }: ChangeDeps) {
  /** What the change comes to: as its preview said, which counts from its own moment and still has to hold. */
  async function planned(known: SubscriptionDocument, { change, preview }: ChangeRequest, at: string) {
    if (preview === null) return changes.plan(known, change, at);
    const promised = await commands.findPreview(preview);
    if (promised?.preview.subscription !== known.id)
      return fail('preview.unknown', `there is no preview "${preview}" of this subscription`);
    const { preview: shown, hash } = promised;
    const holds = shown.validUntil > at && canonicalHash(shown.change) === canonicalHash(change);
    if (!holds || shown.at < known.period.start) return stale(preview);
    const plan = await changes.plan(known, change, shown.at);
    return previewHash(known, change, plan) === hash ? plan : stale(preview);
  }

  async function applyNow(
    known: SubscriptionDocument,
    plan: PlannedChange,
    { commandId, at }: CommandMoment,
  ): Promise<Commanded> {
    const { change, lines, couponPeriod, effectiveAt, waived } = plan;
    if (lines.length === 0 && change.credits.length === 0) {
      const order = known.latestOrder;
      const says = { amount: 0, credit: 0, from: at, until: known.period.end };
      await messages.queue(known, { template: 'plan_changed', about: `change/${commandId}`, order, says, at });
      const { items, anchor, anchorIndex, period } = change;
      const changed = { items, anchor, anchorIndex, period, pendingChange: null, newTerms: [], tell: order };
      return carriedOut(store, known, { commandId, changes: changed, at: null });
    }
    const openBill: OpenBill = {
      ...{ order: updateOrderId(known.id, commandId), kind: 'update', follows: 'change', lines, change, couponPeriod },
      ...{ start: lines[0]?.start ?? effectiveAt, end: change.period.end, command: commandId, openedAt: effectiveAt },
      ...{ round: 1, offSession: false, lookAt: null, looks: 0 },
      // As it was previewed.
      ...(waived > 0 ? { waived } : {}),
    };
    const opened = await store.update(known, { openBill });
    return answerOf(await collection.collect(opened, at), openBill.order);
  }

  function applyLater(
    known: SubscriptionDocument,
    { change, effectiveAt }: PlannedChange,
    { commandId, at }: CommandMoment,
  ): Promise<Commanded> {
    const pendingChange = { items: change.items, from: effectiveAt, requestedAt: at, command: commandId };
    return carriedOut(store, known, { commandId, changes: { pendingChange }, at: effectiveAt });
  }

  return {
    async preview(
      known: SubscriptionDocument,
      { previewId, change }: { readonly previewId: string; readonly change: SubscriptionChange },
      at: string,
    ): Promise<ChangePreview> {
      const plan = await changes.plan(known, change, at);
      const { effectiveAt, quote, credits, credit, balanceUsed, charge, creditLeft } = plan;
      const preview: ChangePreview = {
        ...{ id: previewId, subscription: known.id, currency: known.currency, change, at },
        validUntil: new Date(Date.parse(at) + previewHoldsMs).toISOString(),
        ...{ effectiveAt, credits, quote, credit, balanceUsed, charge, creditLeft },
      };
      const hash = previewHash(known, change, plan);
      return commands.insertPreview({ preview, hash });
    },

    async change(known: SubscriptionDocument, request: ChangeRequest, command: CommandMoment): Promise<Commanded> {
      const { commandId, at } = command;
      // A repeat after a crash goes on with the bill that was opened for it.
      if (known.openBill?.command === commandId)
        return answerOf(await collection.collect(known, at), known.openBill.order);
      const plan = await planned(known, request, at);
      const runs = request.change.when === 'now' && known.status !== 'paused';
      return runs ? applyNow(known, plan, command) : applyLater(known, plan, command);
    },
  };
}

/** Over what is promised and what it was computed from: another revision with the same answer still holds. */
function previewHash({ items, period }: SubscriptionDocument, change: SubscriptionChange, plan: PlannedChange): string {
  const { quote, credits, credit, balanceUsed, charge, creditLeft, effectiveAt } = plan;
  const lines = quote?.lines ?? [];
  return canonicalHash({ items, period, change, lines, credits, credit, balanceUsed, charge, creditLeft, effectiveAt });
}

function stale(preview: string): never {
  return fail('preview.stale', `preview "${preview}" no longer holds; ask for a new one`);
}

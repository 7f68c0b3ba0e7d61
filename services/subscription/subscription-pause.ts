import { pausedCause } from './bill-settlement.ts';
import type { CycleOpening } from './cycle-opening.ts';
import type { SubscriptionAccess } from './subscription-access.ts';
import type { SubscriptionMessages } from './subscription-messages.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export type SubscriptionPauses = ReturnType<typeof createSubscriptionPauses>;

/** Rest and return, by the matrix of domain/subscription/pause-matrix.ts. */
export function createSubscriptionPauses({
  store,
  cycles,
  access,
  messages,
}: {
  readonly store: SubscriptionStore;
  readonly cycles: CycleOpening;
  readonly access: SubscriptionAccess;
  readonly messages: SubscriptionMessages;
}) {
  return {
    /** The pause begins: no access, nothing billed; the period that was paid for is over. */
    async begin(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
      const { pause, latestOrder } = known;
      const from = pause?.from ?? at;
      const until = pause?.until ?? null;
      await access.suspend(known, pausedCause(from), 'paused', at);
      await messages.queue(known, {
        template: 'subscription_paused',
        about: `paused/${from}`,
        order: latestOrder,
        says: { from, until },
        at,
      });
      return store.update(known, { status: 'paused', pause: { from, until }, notices: [], tell: latestOrder });
    },

    /** The pause is over as it was agreed: a new period begins now and is collected; unpaid, it is dunned. */
    async end(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
      await access.restore(known, pausedCause(known.pause?.from ?? at), at);
      const anchor = { ...known.anchor, at };
      const begins = { anchor, anchorIndex: known.period.index + 1, period: { ...known.period, end: at } };
      return cycles.open({ ...known, ...begins }, at);
    },
  };
}

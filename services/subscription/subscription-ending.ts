import type { SubscriptionFacts } from '../../domain/message/message-facts.ts';
import { usageLines } from '../../domain/subscription/next-cycle.ts';
import type { OpenBill, SubscriptionCancellation } from '../../domain/subscription/subscription.ts';
import type { OrderStore } from '../order/order-store.ts';
import type { OrderService } from '../order/order-service.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import type { BillCredits } from './bill-credits.ts';
import type { BillSettlement } from './bill-settlement.ts';
import type { SubscriptionAccess } from './subscription-access.ts';
import type { SubscriptionDunningSteps } from './subscription-dunning.ts';
import { finalOrderId } from './subscription-ids.ts';
import type { SubscriptionMessages } from './subscription-messages.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface EndingDeps {
  readonly store: SubscriptionStore;
  readonly orders: Pick<OrderStore, 'find'>;
  readonly fulfilment: Pick<OrderService, 'recordEvent'>;
  readonly payments: Pick<PaymentService, 'void'>;
  readonly credits: BillCredits;
  readonly settlement: BillSettlement;
  readonly dunning: SubscriptionDunningSteps;
  readonly access: SubscriptionAccess;
  readonly messages: SubscriptionMessages;
}

export type SubscriptionEnding = ReturnType<typeof createSubscriptionEnding>;

type Ending = NonNullable<SubscriptionFacts['ending']>;

/** The end: what is unpaid is closed by policy, access is taken back, the customer is told, and the record says so. */
export function createSubscriptionEnding(deps: EndingDeps) {
  const { store, orders, fulfilment, payments, credits, settlement, dunning, access, messages } = deps;

  /** An unpaid bill does not outlive its subscription. One that was paid in the meantime is settled. */
  async function closeBill(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
    const bill = known.openBill;
    if (bill === null) return known;
    const order = await orders.find(bill.order);
    if (order !== null) {
      // What was waived of a bill has paid for it, as money would have.
      const isPaid = bill.waived !== undefined || (await payments.void(order.id)).kind === 'captured';
      if (isPaid) return settlement.settle(known, order, at);
    }
    await credits.cancel(bill);
    await credits.release(bill.order, at);
    if (order === null) return known;
    const event = bill.kind === 'cycle' ? await dunning.closeClaim(known, order, at) : 'bill_void';
    if (event !== null) await fulfilment.recordEvent({ orderId: order.id, event, at });
    return known;
  }

  async function conclude(
    known: SubscriptionDocument,
    end: {
      readonly status: 'cancelled' | 'expired';
      readonly ending: Ending;
      readonly cancellation: SubscriptionCancellation | null;
      readonly at: string;
    },
  ): Promise<SubscriptionDocument> {
    const { status, ending, cancellation, at } = end;
    const closed = await closeBill(known, at);
    await credits.handOver(closed, at);
    await access.revoke(closed, closed.entitlements, 'ended', at);
    const order = closed.latestOrder;
    const template = status === 'expired' ? 'trial_ended' : 'subscription_cancelled';
    await messages.queue(closed, { template, about: 'ended', order, says: { until: at, ending }, at });
    return store.update(closed, {
      ...{ status, cancellation, endedAt: at, tell: order },
      ...{ cancelAt: null, openBill: null, dunning: null, pendingChange: null, pause: null, notices: [], newTerms: [] },
    });
  }

  return {
    /** What was used and not billed yet is, before the end. null: there is nothing of the kind. */
    async openFinalBill(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument | null> {
      const { period, openBill, id, pause } = known;
      const order = finalOrderId(id, period.index);
      if (openBill !== null || known.status === 'trialing' || known.latestOrder === order) return null;
      const until = [at, period.end, pause?.from ?? at].reduce((one, other) => (one < other ? one : other));
      const lines = usageLines(known, until);
      if (lines.length === 0 || (await orders.find(order)) !== null) return null;
      const bill: OpenBill = {
        ...{ order, kind: 'final', follows: 'period', lines, start: period.start, end: until },
        ...{ couponPeriod: period.index + 1, change: null, command: null, openedAt: at },
        ...{ round: 1, offSession: true, lookAt: null, looks: 0 },
      };
      return store.update(known, { openBill: bill });
    },

    /** As it was asked for, or as policy has it of a pause without an end. */
    cancel: (known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> =>
      conclude(known, { status: 'cancelled', ending: endingOf(known), cancellation: known.cancellation, at }),

    /** Nobody paid: the end of the ladder. */
    giveUp(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
      const cancellation = { reason: 'payment_failed', comment: null, by: 'system', voluntary: false, at } as const;
      return conclude(known, { status: 'cancelled', ending: 'unpaid', cancellation, at });
    },

    /** A trial without a payment method ends by itself. */
    expire: (known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> =>
      conclude(known, { status: 'expired', ending: 'period_end', cancellation: null, at }),
  };
}

function endingOf({ cancellation, cancelAt, period }: SubscriptionDocument): Ending {
  if (cancellation?.by === 'system' && cancellation.reason === 'paused_too_long') return 'paused_too_long';
  return cancelAt !== null && cancelAt >= period.end ? 'period_end' : 'now';
}

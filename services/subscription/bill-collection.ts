import { isFailure } from '../../domain/failures.ts';
import { money } from '../../domain/money/money.ts';
import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { OpenBill } from '../../domain/subscription/subscription.ts';
import { assertNever } from '../../domain/state-machine.ts';
import type { OrderDocument } from '../order/order-store.ts';
import type { OrderService } from '../order/order-service.ts';
import type { CollectOutcome } from '../payment/collect-request.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import { plannedCredit } from './bill-credits.ts';
import type { BillCredits } from './bill-credits.ts';
import type { BillSettlement } from './bill-settlement.ts';
import { requireBill } from './subscription-bills.ts';
import type { SubscriptionBills } from './subscription-bills.ts';
import type { SubscriptionDunningSteps } from './subscription-dunning.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface CollectionDeps {
  readonly store: SubscriptionStore;
  readonly bills: SubscriptionBills;
  readonly credits: BillCredits;
  readonly settlement: BillSettlement;
  readonly dunning: SubscriptionDunningSteps;
  readonly payments: Pick<PaymentService, 'collect' | 'void' | 'leastCharge'>;
  readonly fulfilment: Pick<OrderService, 'recordEvent'>;
}

export interface Collected {
  readonly subscription: SubscriptionDocument;
  readonly outcome: CollectOutcome | { readonly kind: 'nothing_owed' };
}

/** A customer who has left the question of their bank unanswered for so long does not want the change. */
const changeDeadlineMs = 24 * 3_600_000;
/** Minutes to the next look at a payment that is not settled; the last one goes on. */
const lookMinutes = [5, 15, 60, 240, 720, 1_440] as const;
/** Then the wait counts as a failed payment, whose ladder ends it. */
const mostLooks = 15;

export type BillCollection = ReturnType<typeof createBillCollection>;

/** An open bill: its order, its money, and what follows from the answer. Every answer leaves a record that says what is next. */
export function createBillCollection(deps: CollectionDeps) {
  const { store, bills, credits, settlement, dunning, payments, fulfilment } = deps;

  async function take(known: SubscriptionDocument, order: OrderDocument, at: string): Promise<CollectOutcome> {
    const bill = requireBill(known);
    const { gross, currency } = pricedQuote(order);
    const methods = [known.payment, known.backupPayment].filter((method) => method !== null);
    const method = methods[0]?.method ?? '';
    const leave = payments.leastCharge({ method, currency, at });
    const credit =
      bill.kind === 'update' ? plannedCredit(bill, order) : await credits.spend(known, order, { leave, at });
    if (gross > credit && methods.length === 0) return notCharged('no_method');
    try {
      return await payments.collect({
        orderId: order.id,
        amount: money(gross - credit, currency),
        methods,
        round: `${bill.round}`,
        offSession: bill.offSession,
        customerId: known.customerKey,
        at,
      });
    } catch (error) {
      // Nobody takes so small an amount, or this method in this currency: another method may.
      if (isFailure(error, 'payment.amount_out_of_range')) return notCharged('amount_out_of_range');
      if (isFailure(error, 'payment.no_gateway')) return notCharged('no_method');
      throw error;
    }
  }

  /** Not settled: looked at again later, until that takes too long. */
  async function lookLater(known: SubscriptionDocument, order: OrderDocument, outcome: Waiting, at: string) {
    const bill = requireBill(known);
    const isLate = Date.parse(at) - Date.parse(bill.openedAt) >= changeDeadlineMs;
    if (bill.kind === 'update' && isLate && outcome.kind !== 'unknown') return giveUp(known, order, at);
    if (bill.kind === 'final' && bill.looks >= mostLooks) return giveUp(known, order, at);
    // The bank asks for the customer, who is not there: that is a failed payment with a question open.
    const needsCustomer = bill.offSession && outcome.kind === 'waiting' && outcome.reason === 'action_required';
    const lookAt = new Date(Date.parse(at) + (lookMinutes[bill.looks] ?? 1_440) * 60_000).toISOString();
    const waiting: OpenBill = { ...bill, lookAt, looks: bill.looks + 1 };
    if (bill.kind === 'cycle' && known.dunning === null && (needsCustomer || bill.looks >= mostLooks))
      return dunning.failed(known, order, {
        declineClass: needsCustomer ? 'authentication' : 'soft_technical',
        openBill: waiting,
        at,
      });
    return store.update(known, { openBill: waiting });
  }

  /** Nothing of it holds: the money is let go of, set-aside credit is free, the order is void. */
  async function giveUp(known: SubscriptionDocument, order: OrderDocument, at: string): Promise<SubscriptionDocument> {
    const released = await payments.void(order.id);
    if (released.kind === 'captured') return settlement.settle(known, order, at);
    return abandon(known, at);
  }

  async function abandon(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
    const bill = requireBill(known);
    await credits.cancel(bill);
    await credits.release(bill.order, at);
    await fulfilment.recordEvent({ orderId: bill.order, event: 'bill_uncollected', at });
    return store.update(known, { openBill: null });
  }

  async function follow(known: SubscriptionDocument, order: OrderDocument, outcome: CollectOutcome, at: string) {
    const bill = requireBill(known);
    switch (outcome.kind) {
      case 'captured':
        return settlement.settle(known, order, at);
      case 'declined':
        if (bill.kind !== 'cycle') return abandon(known, at);
        return dunning.failed(known, order, {
          declineClass: outcome.declineClass,
          openBill: { ...bill, lookAt: null, looks: 0, round: bill.round + 1 },
          at,
        });
      case 'refused':
        if (bill.kind !== 'cycle') return abandon(known, at);
        return dunning.refused(known, order, { until: outcome.until, at });
      case 'waiting':
      case 'unknown':
      case 'unavailable':
        return lookLater(known, order, outcome, at);
      default:
        return assertNever(outcome);
    }
  }

  return {
    /** @throws what pricing, tax and the partners throw, to be called again */
    async collect(known: SubscriptionDocument, at: string): Promise<Collected> {
      const bill = requireBill(known);
      if (bill.kind === 'update') await credits.reserve(bill);
      const order = await bills.order(known, bill);
      if (order === null) {
        const subscription = await settlement.settle(known, null, at);
        return { subscription, outcome: { kind: 'nothing_owed' } };
      }
      const outcome = await take(known, order, at);
      return { subscription: await follow(known, order, outcome, at), outcome };
    },

    giveUp,
  };
}

type Waiting = Extract<CollectOutcome, { readonly kind: 'waiting' | 'unknown' | 'unavailable' }>;

/** A hard decline in all but name: only the customer can go on. */
function notCharged(declineCode: 'no_method' | 'amount_out_of_range'): CollectOutcome {
  const nothingSaid = { networkDeclineCode: null, networkAdviceCode: null, cardKey: null } as const;
  return { kind: 'declined', declineClass: 'hard', declineCode, ...nothingSaid };
}

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
import type { SmallBalances } from './small-balances.ts';
import { requireBill } from './subscription-bills.ts';
import type { SubscriptionBills } from './subscription-bills.ts';
import type { SubscriptionDunningSteps } from './subscription-dunning.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface CollectionDeps {
  readonly store: SubscriptionStore;
  readonly bills: SubscriptionBills;
  readonly credits: BillCredits;
  readonly settlement: BillSettlement;
  readonly smallBalances: Pick<SmallBalances, 'of'>;
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
  const { store, bills, credits, settlement, smallBalances, dunning, payments, fulfilment } = deps;

  /** What is left to pay, minor units, when store credit has paid what it can. */
  async function dueOf(known: SubscriptionDocument, order: OrderDocument, at: string): Promise<number> {
    const bill = requireBill(known);
    const { gross, currency } = pricedQuote(order);
    if (bill.kind === 'update') return gross - plannedCredit(bill, order);
    const method = methodsOf(known)[0]?.method ?? '';
    const least = payments.leastCharge({ method, currency, at });
    // Of a bill that is smaller as a whole nothing can be left that a gateway takes.
    const leave = gross < least ? 0 : least;
    return gross - (await credits.spend(known, order, { leave, at }));
  }

  async function take(known: SubscriptionDocument, order: OrderDocument, at: string): Promise<Taken> {
    const bill = requireBill(known);
    const methods = methodsOf(known);
    const due = bill.waived === undefined ? await dueOf(known, order, at) : 0;
    if (due > 0 && methods.length === 0) return { known, outcome: notCharged('no_method') };
    try {
      const outcome = await payments.collect({
        orderId: order.id,
        amount: money(due, order.currency),
        methods,
        round: `${bill.round}`,
        offSession: bill.offSession,
        customerId: known.customerKey,
        at,
      });
      return { known, outcome };
    } catch (error) {
      const isOutOfRange = isFailure(error, 'payment.amount_out_of_range');
      if (!isOutOfRange && !isFailure(error, 'payment.no_gateway')) throw error;
      // Nothing is open of an earlier try, and nobody takes so little: that is given to the customer.
      // What a change waives was decided with its preview.
      const waived = bill.follows === 'change' ? 0 : smallBalances.of(known, due, at);
      // Written down before it is done: it stays waived, whatever is on file when a crash is made good.
      if (waived > 0)
        return { known: await store.update(known, { openBill: { ...bill, waived } }), outcome: nothingCharged };
      // Nobody takes so large an amount, or this method in this currency: another method may.
      return { known, outcome: notCharged(isOutOfRange ? 'amount_out_of_range' : 'no_method') };
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
      const taken = await take(known, order, at);
      const { outcome } = taken;
      return { subscription: await follow(taken.known, order, outcome, at), outcome };
    },

    giveUp,
  };
}

/** The record as the bill stands now, and what came of it. */
interface Taken {
  readonly known: SubscriptionDocument;
  readonly outcome: CollectOutcome;
}

const nothingCharged: CollectOutcome = { kind: 'captured', gateway: 'none', method: 0 };

type Waiting = Extract<CollectOutcome, { readonly kind: 'waiting' | 'unknown' | 'unavailable' }>;

function methodsOf({ payment, backupPayment }: SubscriptionDocument) {
  return [payment, backupPayment].filter((method) => method !== null);
}

/** A hard decline in all but name: only the customer can go on. */
function notCharged(declineCode: 'no_method' | 'amount_out_of_range'): CollectOutcome {
  const nothingSaid = { networkDeclineCode: null, networkAdviceCode: null, cardKey: null } as const;
  return { kind: 'declined', declineClass: 'hard', declineCode, ...nothingSaid };
}

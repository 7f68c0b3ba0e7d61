import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import type { CreditReason } from '../../domain/invoice/invoice.ts';
import { creditReasons } from '../../domain/invoice/invoice.ts';
import { refundOtherwiseEntry, refundReturnedEntry } from '../../domain/ledger/refund-settlement-entries.ts';
import type { Order } from '../../domain/order/order.ts';
import { approvalPolicyAt } from '../../domain/refund/approvals.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import type { InvoiceService } from '../invoice/invoice-service.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { OrderService } from '../order/order-service.ts';
import type { OrderStore } from '../order/order-store.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import type { RevenueService } from '../revenue/revenue-service.ts';
import type { StoreCreditService } from '../store-credit/store-credit-service.ts';
import { entryOf, withSplit } from './credit-split.ts';
import { createRefundBooks } from './refund-books.ts';
import type { RefundMessages } from './refund-messages.ts';
import type { RefundDocument, RefundStore } from './refund-store.ts';

export interface RefundSettlementDeps {
  readonly store: RefundStore;
  readonly orders: Pick<OrderStore, 'require' | 'changeRefunds'>;
  readonly events: Pick<OrderService, 'recordEvent'>;
  readonly payments: Pick<PaymentService, 'find'>;
  readonly invoices: Pick<InvoiceService, 'findByFact' | 'issueCreditNote' | 'listByOrder'>;
  readonly ledger: Pick<LedgerService, 'find' | 'post'>;
  readonly revenue: Pick<RevenueService, 'credit'>;
  readonly storeCredit: Pick<StoreCreditService, 'grant'>;
  readonly messages: RefundMessages;
}

export interface SettledRefund {
  readonly revoke: readonly string[];
  /** ISO 8601 UTC, rising; none when no gateway gave anything. */
  readonly recheckAt: readonly string[];
}

/** Where money stands that the gateway could not give back. `owed`: it was credited, so it stays owed. */
export type OtherwiseStep =
  | { readonly kind: 'paid'; readonly revoke: readonly string[] }
  | { readonly kind: 'waiting'; readonly until: string }
  | { readonly kind: 'ended'; readonly owed: boolean };

/** What follows when the money went back, came back, or was paid otherwise. Every step may be repeated. */
export function createRefundSettlement(deps: RefundSettlementDeps) {
  const { store, orders, events, payments, invoices, ledger, storeCredit, messages } = deps;
  const books = createRefundBooks(deps);

  async function gatewayOf(orderId: string): Promise<string | null> {
    return (await payments.find(orderId))?.gateway ?? null;
  }

  /** Split → credit note, journal entry, revenue → store credit. Returns the credit note's id. */
  async function creditOrder(refund: RefundDocument, at: string): Promise<string> {
    const { id, orderId, toCredit, currency, creditHolder } = refund;
    const documents = await invoices.listByOrder(orderId);
    const order = await orders.changeRefunds(orderId, (known) => withSplit(known, refund, documents));
    const lines = entryOf(order, id).credited?.lines ?? [];
    const gateway = refund.amount === toCredit ? null : await gatewayOf(orderId);
    const reason = creditReasonOf(refund);
    const creditNote = await books.book({ order, refundId: id, lines, reason, gateway, toCredit, at });
    const key = facts.refund(orderId, id);
    if (toCredit > 0) await storeCredit.grant({ holder: creditHolder, currency, amount: toCredit, key, at });
    return creditNote;
  }

  function markOrder(
    orderId: string,
    refundId: string,
    now: { readonly status: 'succeeded' | 'pending'; readonly creditNote?: string },
  ): Promise<Order> {
    return orders.changeRefunds(orderId, (known) => {
      const entry = entryOf(known, refundId);
      if (entry.status === now.status && (now.creditNote ?? entry.creditNote) === entry.creditNote)
        return known.refunds;
      return known.refunds.map((one) => (one.id === refundId ? { ...one, ...now } : one));
    });
  }

  /** The order's own events tell of the refunds that it made for itself. */
  async function noteOnOrder({ orderId, cause, parts }: RefundDocument, at: string): Promise<void> {
    const line = parts[0]?.line;
    if (cause === 'undeliverable' && line !== undefined)
      await events.recordEvent({ orderId, event: 'line_refunded', line, at });
    if (cause === 'tax') await events.recordEvent({ orderId, event: 'tax_given_back', at });
  }

  /** The record moves on, unless it has by an earlier run of the same step. */
  async function succeed(
    refund: RefundDocument,
    event: 'paid_back' | 'paid_otherwise',
    creditNote: string,
    at: string,
  ) {
    if (refund.status === 'succeeded') return refund;
    const set = { creditNote, settledAt: at, statusReason: null, watchUntil: watchUntil(refund, event, at) };
    const changed = await store.change(refund, { event, at, status: 'succeeded', set });
    return changed ?? fail('store.unavailable', `refund ${refund.id} has changed meanwhile`);
  }

  return {
    /**
     * The money went back. Answers the lines of which every unit is taken back, whose access ends, and when to ask
     * whether a bank has returned it.
     */
    async settle(refundId: string, at: string): Promise<SettledRefund> {
      const refund = await store.require(refundId);
      const creditNote = await creditOrder(refund, at);
      await markOrder(refund.orderId, refundId, { status: 'succeeded', creditNote });
      const done = await succeed(refund, 'paid_back', creditNote, at);
      await noteOnOrder(done, at);
      await messages.tellMoney(done, done.toCredit === done.amount ? 'refund_to_store_credit' : 'refund_done', at);
      return { revoke: linesTakenBack(done), recheckAt: recheckTimes(done) };
    },

    /** The bank returned the money: owed as before, so the credit note stands and only its payment is undone. */
    async settleReturn(refundId: string, at: string): Promise<void> {
      const refund = await store.require(refundId);
      if (refund.status === 'succeeded' && refund.otherwise !== null) return;
      const returned =
        refund.status !== 'succeeded'
          ? refund
          : await store.change(refund, {
              ...{ event: 'returned_by_bank', at, status: 'awaiting_other_means' },
              set: {
                returnedAt: at,
                statusReason: 'payment.refund_failed',
                watchUntil: null,
                decideBy: otherMeansBy(at),
              },
            });
      if (returned === null) return fail('store.unavailable', `refund ${refundId} has changed meanwhile`);
      await bookReturn(returned, at);
      await markOrder(returned.orderId, refundId, { status: 'pending' });
      await messages.tellMoney(returned, 'refund_reversed', at);
    },

    /** What a person or the customer chose for money that the gateway could not give back. */
    async settleOtherwise(refundId: string, at: string): Promise<{ readonly revoke: readonly string[] }> {
      const refund = await store.require(refundId);
      const { otherwise, orderId, amount, toCredit, currency, creditHolder } = refund;
      if (otherwise === null) return fail('refund.state_conflict', `nobody has chosen how refund ${refundId} is paid`);
      const creditNote = await creditOrder(refund, at);
      await bookReturn(refund, at);
      const { means } = otherwise;
      const money = { amount: amount - toCredit, currency };
      await ledger.post(refundOtherwiseEntry({ orderId, refundId, money, means, at }));
      const key = facts.refundOtherwise(orderId, refundId);
      if (means === 'store_credit') await storeCredit.grant({ holder: creditHolder, ...money, key, at });
      await markOrder(orderId, refundId, { status: 'succeeded', creditNote });
      const done = await succeed(refund, 'paid_otherwise', creditNote, at);
      await noteOnOrder(done, at);
      await messages.tellMoney(done, means === 'store_credit' ? 'refund_to_store_credit' : 'refund_done', at);
      return { revoke: linesTakenBack(done) };
    },
  };

  async function bookReturn({ id: refundId, orderId, amount, toCredit, currency }: RefundDocument, at: string) {
    const gateway = await gatewayOf(orderId);
    if (gateway === null) return fail('payment.not_found', `order ${orderId} has no captured payment`);
    const money = { amount: amount - toCredit, currency };
    await ledger.post(refundReturnedEntry({ orderId, refundId, money, gateway, at }));
  }
}

function recheckTimes({ settledAt, watchUntil }: Refund): readonly string[] {
  if (settledAt === null || watchUntil === null) return [];
  return approvalPolicyAt(settledAt).askAgainAfterDays.map((days) => daysAfter(settledAt, days));
}

/** Until when the gateway is asked whether the bank has returned it; null when no gateway gave anything. */
function watchUntil({ amount, toCredit }: Refund, event: 'paid_back' | 'paid_otherwise', at: string): string | null {
  if (event === 'paid_otherwise' || amount === toCredit) return null;
  return daysAfter(at, Math.max(...approvalPolicyAt(at).askAgainAfterDays));
}

/** The last moment to choose another way. */
export function otherMeansBy(at: string): string {
  return daysAfter(at, approvalPolicyAt(at).otherMeansWithinDays);
}

function daysAfter(at: string, days: number): string {
  return new Date(Date.parse(at) + days * 86_400_000).toISOString();
}

/** Lines of which units are taken back: their access ends. Where only money went back, all of it stays. */
function linesTakenBack({ parts }: Refund): readonly string[] {
  return parts.filter(({ quantity }) => quantity > 0).map(({ line }) => line);
}

/** What the credit note gives as the reason. */
function creditReasonOf({ cause, reason, judgement, requestedBy }: Refund): CreditReason {
  const named = creditReasons.find((one) => one === reason);
  switch (cause) {
    case 'withdrawal':
      return 'withdrawal';
    case 'undeliverable':
      return 'not_delivered';
    case 'tax':
      return 'business_tax_id_confirmed';
    case 'goodwill':
      return 'goodwill';
    case 'cancellation':
    case 'bulk':
      return named ?? 'price_adjustment';
    case 'request':
      if (requestedBy === 'customer' && judgement?.rule.includes('withdrawal') === true) return 'withdrawal';
      return named ?? (requestedBy === 'customer' ? 'goodwill' : 'price_adjustment');
  }
}

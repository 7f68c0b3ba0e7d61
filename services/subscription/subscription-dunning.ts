import {
  adviceAfterDecline,
  claimAtTheEnd,
  dunningNoticeAt,
  dunningStageAt,
  nextDunningMoment,
  nextDunningStage,
  nextRetryAt,
} from '../../domain/dunning/dunning-schedule.ts';
import { saleEntry } from '../../domain/ledger/order-entries.ts';
import { writeOffEntry } from '../../domain/ledger/settlement-entries.ts';
import { facts } from '../../domain/idempotency.ts';
import { money } from '../../domain/money/money.ts';
import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { DeclineClass } from '../../domain/payment/payment.ts';
import type { OpenBill, SubscriptionDunning } from '../../domain/subscription/subscription.ts';
import type { InvoiceService } from '../invoice/invoice-service.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { OrderDocument } from '../order/order-store.ts';
import { unpaidCause } from './bill-settlement.ts';
import type { SubscriptionAccess } from './subscription-access.ts';
import { requireBill } from './subscription-bills.ts';
import type { SubscriptionMessages } from './subscription-messages.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface DunningDeps {
  readonly store: SubscriptionStore;
  readonly access: SubscriptionAccess;
  readonly messages: SubscriptionMessages;
  readonly invoices: Pick<InvoiceService, 'issueInvoice'>;
  readonly ledger: Pick<LedgerService, 'post'>;
}

export type SubscriptionDunningSteps = ReturnType<typeof createSubscriptionDunning>;

/** An unpaid period: when it is tried again, what the customer can use meanwhile and is told, and how it ends. */
export function createSubscriptionDunning({ store, access, messages, invoices, ledger }: DunningDeps) {
  /** The notice of the moment; once for each day of the ladder. */
  async function tell(known: SubscriptionDocument, dunning: SubscriptionDunning, at: string): Promise<void> {
    const notice = dunningNoticeAt(dunning.since, at);
    // The end is told with the cancellation itself.
    if (notice === null || notice.template === 'subscription_cancelled') return;
    const { declineClass, nextRetryAt: retryAt, stage, order } = dunning;
    await messages.queue(known, {
      template: notice.template,
      about: `${order}/unpaid/${notice.day}`,
      order,
      says: {
        ...{ from: known.period.start, until: known.period.end, retryAt, stage },
        advice: adviceAfterDecline[declineClass],
        stageUntil: nextDunningStage(dunning.since, at)?.at ?? null,
      },
      at,
    });
  }

  function begun(
    known: SubscriptionDocument,
    { order }: OpenBill,
    declineClass: DeclineClass,
    at: string,
  ): SubscriptionDunning {
    const since = known.dunning?.since ?? at;
    const before = known.dunning ?? { attempts: 0, customerAttempts: 0, nextRetryAt: null };
    const { attempts, customerAttempts, nextRetryAt: planned } = before;
    return {
      ...{ since, order, attempts, customerAttempts, declineClass, nextRetryAt: planned },
      stage: dunningStageAt(since, at),
      nextMomentAt: nextDunningMoment(since, at),
    };
  }

  async function write(known: SubscriptionDocument, dunning: SubscriptionDunning, openBill: OpenBill, at: string) {
    await tell(known, dunning, at);
    return store.update(known, { status: 'past_due', dunning, openBill, tell: dunning.order });
  }

  return {
    /** A charge of the period was declined, or only the customer can go on with it. */
    failed(
      known: SubscriptionDocument,
      { customer }: Pick<OrderDocument, 'customer'>,
      failure: { readonly declineClass: DeclineClass; readonly openBill: OpenBill; readonly at: string },
    ): Promise<SubscriptionDocument> {
      const { declineClass, openBill, at } = failure;
      const begin = begun(known, openBill, declineClass, at);
      const byCustomer = !openBill.offSession;
      const first = known.dunning === null;
      const attempts = begin.attempts + (first || byCustomer ? 0 : 1);
      const next = nextRetryAt({
        ...{ declineClass, attempts, firstFailedAt: begin.since, at },
        ...{ timeZone: known.timeZone, market: customer.country },
      });
      // What the customer tried leaves the schedule as it was.
      const planned = byCustomer && !first ? begin.nextRetryAt : next.kind === 'retry' ? next.at : null;
      const customerAttempts = begin.customerAttempts + (byCustomer ? 1 : 0);
      const dunning = { ...begin, attempts, customerAttempts, nextRetryAt: planned };
      return write(known, dunning, { ...openBill, offSession: true }, at);
    },

    /** The rules of the networks forbid the charge: nothing was tried, and nothing is before they allow it. */
    refused(
      known: SubscriptionDocument,
      { customer }: Pick<OrderDocument, 'customer'>,
      { until, at }: { readonly until: string | null; readonly at: string },
    ): Promise<SubscriptionDocument> {
      const bill = requireBill(known);
      const begin = begun(known, bill, known.dunning?.declineClass ?? (until === null ? 'hard' : 'vague'), at);
      const { declineClass, attempts } = begin;
      const next = nextRetryAt({
        ...{ declineClass, attempts, firstFailedAt: begin.since, at },
        ...{ timeZone: known.timeZone, market: customer.country },
      });
      const planned = next.kind === 'retry' && until !== null ? later(next.at, until) : until;
      return write(
        known,
        { ...begin, nextRetryAt: planned },
        { ...bill, lookAt: null, looks: 0, offSession: true },
        at,
      );
    },

    /** The ladder's next step: access and the notice that belong to it. The last one is the caller's to make. */
    async advance(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
      const bill = requireBill(known);
      const dunning = begun(known, bill, known.dunning?.declineClass ?? 'vague', at);
      if (dunning.stage === 'suspended') await access.suspend(known, unpaidCause(bill.order), 'unpaid', at);
      await tell(known, dunning, at);
      return store.update(known, { dunning, tell: dunning.order });
    },

    /** What becomes of a period that nobody paid, by policy. Returns the event that its order ends with; null: none. */
    async closeClaim(
      { dunning }: Pick<SubscriptionDocument, 'dunning'>,
      order: OrderDocument,
      at: string,
    ): Promise<'bill_void' | 'bill_uncollected' | null> {
      const claim = claimAtTheEnd(
        { country: order.customer.country, customerType: order.customer.type },
        dunning?.since ?? at,
      );
      if (claim === 'keep_open') return null;
      if (claim === 'void') return 'bill_void';
      const quote = pricedQuote(order);
      const orderId = order.id;
      await invoices.issueInvoice({ fact: facts.sale(orderId), order: { ...order, quote }, payment: null, at });
      await ledger.post(saleEntry({ orderId, quote, payment: null, at }));
      await ledger.post(writeOffEntry({ orderId, lost: money(quote.gross, quote.currency), at }));
      return 'bill_uncollected';
    },
  };
}

function later(one: string, other: string): string {
  return one > other ? one : other;
}

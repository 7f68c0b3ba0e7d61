import { couponPeriodOf, nextCycle } from '../../domain/subscription/next-cycle.ts';
import type { Subscription, SubscriptionNotice } from '../../domain/subscription/subscription.ts';
import type { SubscriptionBills } from './subscription-bills.ts';
import type { SubscriptionMessages } from './subscription-messages.ts';
import { noticeTemplates } from './subscription-notices.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export type NoticeSending = ReturnType<typeof createNoticeSending>;

/** Tells what law and card networks want told before it happens; what was sent is on the record, and decides about prices. */
export function createNoticeSending({
  store,
  bills,
  messages,
}: {
  readonly store: SubscriptionStore;
  readonly bills: Pick<SubscriptionBills, 'quote'>;
  readonly messages: SubscriptionMessages;
}) {
  /** What the next period will cost: with today's tax, without usage. */
  async function upcoming(
    known: Subscription,
    terms: Parameters<typeof nextCycle>[1],
    at: string,
  ): Promise<number | null> {
    const { period, lines } = nextCycle(known, terms);
    const quote = await bills.quote(known, lines, { couponPeriod: couponPeriodOf(known, period.index), at });
    return quote?.gross ?? null;
  }

  async function tell(known: SubscriptionDocument, notice: SubscriptionNotice, at: string): Promise<void> {
    const { kind, eventAt } = notice;
    const announced = new Map(
      known.newTerms.filter(({ from }) => from === eventAt).map(({ item, terms }) => [item, terms] as const),
    );
    const rises = kind === 'price_change' ? announced : new Map<string, never>();
    // Nothing is charged in a pause, nor when it ends the subscription.
    const amount = kind === 'pause_end' ? null : await upcoming(known, rises, at);
    const previousAmount = kind === 'price_change' ? await upcoming(known, new Map(), at) : null;
    await messages.queue(known, {
      template: noticeTemplates[kind],
      about: `notice/${kind}/${eventAt}/${notice.before}`,
      order: known.latestOrder,
      says: {
        ...{ from: eventAt, until: known.period.end, amount, previousAmount },
        // Without a method on file the trial just ends, and the mail asks for one.
        advice: kind === 'trial_end' && known.payment === null ? 'new_method' : null,
      },
      at,
    });
  }

  return {
    /** All that are due. Repeatable: each is told once. */
    async send(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
      const due = known.notices.filter(({ sentAt, sendAt }) => sentAt === null && sendAt <= at);
      for (const notice of due) await tell(known, notice, at);
      const notices = known.notices.map((one) => (due.includes(one) ? { ...one, sentAt: at } : one));
      return store.update(known, { notices, tell: known.latestOrder });
    },
  };
}

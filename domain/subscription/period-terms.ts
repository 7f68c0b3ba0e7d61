import type { PriceTerms } from '../catalog/catalog.ts';
import { priceForPeriod } from '../notice/notice-schedule.ts';
import type { NoticeFacts } from '../notice/notice-schedule.ts';
import { listAmount } from '../pricing/price-scheme.ts';
import type { Subscription, SubscriptionItem } from './subscription.ts';

/** What the items of the next period may be charged, and which prices the customer still has to be told of. */
export interface PeriodTerms {
  /** By item, where it is not what was agreed before. */
  readonly terms: ReadonlyMap<string, PriceTerms>;
  /** Higher ones of the catalogue that may not be charged yet. */
  readonly announced: readonly { readonly item: string; readonly terms: PriceTerms }[];
}

/**
 * A price that has come down is charged at once; one that has gone up, or that usage is counted by, only from a period of
 * whose price the customer was told in time. Until then the agreed one holds.
 * @param catalogue what the catalogue asks today, by price; a price that is gone goes on as it was agreed
 * @param start of the next period, ISO 8601 UTC
 */
export function periodTerms(
  { newTerms, notices }: Pick<Subscription, 'newTerms' | 'notices'>,
  items: readonly SubscriptionItem[],
  period: {
    readonly catalogue: ReadonlyMap<string, PriceTerms>;
    readonly start: string;
    readonly facts: NoticeFacts;
  },
): PeriodTerms {
  const { catalogue, start, facts } = period;
  const terms = new Map<string, PriceTerms>();
  const announced: { item: string; terms: PriceTerms }[] = [];
  const noticesSentAt = notices.flatMap(({ kind, eventAt, sentAt }) =>
    kind === 'price_change' && eventAt === start && sentAt !== null ? [sentAt] : [],
  );
  for (const item of items.filter(({ oneOff }) => !oneOff)) {
    const told = newTerms.find((one) => one.item === item.id && one.from === start)?.terms ?? null;
    if (told !== null && mayCharge(item, told, { periodStart: start, noticesSentAt, facts })) terms.set(item.id, told);
    const asked = catalogue.get(item.price) ?? null;
    const agreed = terms.get(item.id) ?? item.terms;
    if (asked === null || sameTerms(asked, agreed)) continue;
    if (mayCharge({ ...item, terms: agreed }, asked, { periodStart: start, noticesSentAt: [], facts }))
      terms.set(item.id, asked);
    else announced.push({ item: item.id, terms: asked });
  }
  return { terms, announced };
}

function mayCharge(
  item: SubscriptionItem,
  asked: PriceTerms,
  notice: { readonly periodStart: string; readonly noticesSentAt: readonly string[]; readonly facts: NoticeFacts },
): boolean {
  // What usage will cost is not known before: any other rate counts as a higher one.
  const [oldAmount, newAmount] =
    item.usage === 'metered'
      ? [0, 1]
      : [listAmount(item.terms.scheme, item.quantity), listAmount(asked.scheme, item.quantity)];
  return priceForPeriod({ ...notice, oldAmount, newAmount }).price === 'new';
}

function sameTerms(one: PriceTerms, other: PriceTerms): boolean {
  return one.taxBehavior === other.taxBehavior && sameScheme(one.scheme, other.scheme);
}

function sameScheme(one: PriceTerms['scheme'], other: PriceTerms['scheme']): boolean {
  switch (one.type) {
    case 'flat':
    case 'per_unit':
      return other.type === one.type && other.amount === one.amount;
    case 'package':
      return other.type === 'package' && other.amount === one.amount && other.size === one.size;
    case 'volume':
    case 'graduated':
      return other.type === one.type && sameTiers(one.tiers, other.tiers);
  }
}

function sameTiers(one: Tiers, other: Tiers): boolean {
  return (
    one.length === other.length &&
    one.every((tier, index) => {
      const that = other[index];
      return tier.upTo === that?.upTo && tier.unitAmount === that.unitAmount && tier.flatAmount === that.flatAmount;
    })
  );
}

type Tiers = Extract<PriceTerms['scheme'], { readonly type: 'volume' | 'graduated' }>['tiers'];

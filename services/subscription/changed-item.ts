import { fail } from '../../domain/failures.ts';
import { currenciesOf, termsIn } from '../../domain/pricing/price-in-currency.ts';
import { listAmount } from '../../domain/pricing/price-scheme.ts';
import { sameInterval } from '../../domain/subscription/next-cycle.ts';
import type { Subscription, SubscriptionItem } from '../../domain/subscription/subscription.ts';
import type { CatalogService } from '../catalog/catalog-service.ts';
import type { SubscriptionChange } from './subscription-steps.ts';

/**
 * The items as a change would have them, from those that hold today: a change that is pending is replaced, not added to.
 * @throws subscription.change_invalid, catalog.price_unknown, price.currency_not_sold, price.quantity_invalid
 */
export async function changedItem(
  catalog: Pick<CatalogService, 'getPrices'>,
  { items: current, currency, period }: Subscription,
  change: SubscriptionChange,
): Promise<{ readonly items: readonly SubscriptionItem[]; readonly item: SubscriptionItem }> {
  const before = itemToChange(current, change);
  const priced = change.price === null ? before : await withPrice(catalog, before, change.price, currency);
  const item = withQuantity(priced, change.quantity);
  if (item.price === before.price && item.quantity === before.quantity) refuse('price', 'is what the item has already');
  const others = current.filter(({ id, oneOff }) => id !== item.id && !oneOff);
  const { recurring } = item;
  if (recurring !== null && others.some((one) => one.recurring !== null && !sameInterval(one.recurring, recurring)))
    refuse('price', `has another interval than the other items of the period from ${period.start}`);
  return { items: current.map((one) => (one.id === item.id ? item : one)), item };
}

function itemToChange(items: readonly SubscriptionItem[], { item: id }: SubscriptionChange): SubscriptionItem {
  const recurring = items.filter(({ oneOff }) => !oneOff);
  const found = id === null ? recurring[0] : recurring.find((one) => one.id === id);
  if (id === null && recurring.length > 1) refuse('item', `which one: ${recurring.map((one) => one.id).join(', ')}?`);
  return found ?? refuse('item', 'the subscription has no such item');
}

async function withPrice(
  catalog: Pick<CatalogService, 'getPrices'>,
  item: SubscriptionItem,
  id: string,
  currency: string,
): Promise<SubscriptionItem> {
  const unknown = `there is no price "${id}"`;
  const price =
    (await catalog.getPrices([id])).get(id) ??
    fail('catalog.price_unknown', unknown, [{ path: 'price', message: unknown }]);
  const sold = `"${id}" is sold in ${currenciesOf(price).join(', ')}, not ${currency}`;
  const terms = termsIn(price, currency) ?? fail('price.currency_not_sold', sold, [{ path: 'price', message: sold }]);
  const recurring = price.recurring ?? refuse('price', 'is paid once; a subscription needs one that recurs');
  const { usage, meter } = recurring;
  return { ...item, price: id, product: price.product, recurring, usage, meter, terms };
}

function withQuantity(item: SubscriptionItem, quantity: number | null): SubscriptionItem {
  if (item.usage === 'metered') {
    if (quantity !== null) refuse('quantity', 'of a metered item is what the meter says');
    return { ...item, quantity: 1 };
  }
  const wanted = quantity ?? item.quantity;
  // Refuses what no tier holds, before anything is written.
  listAmount(item.terms.scheme, wanted);
  return { ...item, quantity: wanted };
}

function refuse(path: string, message: string): never {
  return fail('subscription.change_invalid', `${path}: ${message}`, [{ path, message }]);
}

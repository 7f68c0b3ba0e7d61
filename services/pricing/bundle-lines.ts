import type { Price, Product } from '../../domain/catalog/catalog.ts';
import { fail } from '../../domain/failures.ts';
import { componentQuantity, isBundle, splitBundle, standAloneValue } from '../../domain/pricing/bundle.ts';
import type { CatalogService } from '../catalog/catalog-service.ts';
import { frozenLine } from './frozen-line.ts';
import type { FrozenLine, SoldLine } from './frozen-line.ts';

/** What the catalogue says of the components of bundles in one currency. */
export interface Components {
  readonly currency: string;
  readonly products: ReadonlyMap<string, Product>;
  /** By product. */
  readonly prices: ReadonlyMap<string, readonly Price[]>;
}

/** Two queries for all bundles of a basket. */
export async function loadComponents(
  catalog: Pick<CatalogService, 'getProducts' | 'getPricesOfProducts'>,
  lines: readonly SoldLine[],
  currency: string,
): Promise<Components> {
  const ids = new Set(lines.flatMap(({ product }) => product.components.map((component) => component.product)));
  const [products, prices] = await Promise.all([catalog.getProducts(ids), catalog.getPricesOfProducts(ids)]);
  return {
    currency,
    products,
    prices: new Map([...ids].map((id) => [id, prices.filter(({ product }) => product === id)])),
  };
}

/**
 * A bundle as one line per component, "1.1", "1.2", …, so that tax class, delivery, refund and books go by component;
 * its amount and discount are split by what the components cost alone. Any other line as it is.
 * @throws price.bundle_unsplittable naming what is missing
 */
export function splitLine(
  sold: SoldLine,
  discount: number,
  { components, index }: { readonly components: Components; readonly index: number },
): readonly FrozenLine[] {
  const { product: bundle, price, taxBehavior } = sold;
  if (!isBundle(bundle)) return [frozenLine(sold, discount)];
  const refuse = (message: string) =>
    fail('price.bundle_unsplittable', message, [{ path: `lines[${index}].price`, message }]);
  const parts = bundle.components.map(({ product: id, quantity: inBundle }) => {
    const product =
      components.products.get(id) ?? refuse(`"${bundle.id}" contains "${id}", which is no longer in the catalogue`);
    if (isBundle(product)) refuse(`"${bundle.id}" contains "${id}", which is a bundle itself`);
    const quantity = componentQuantity(inBundle, sold.quantity);
    const sale = { currency: components.currency, taxBehavior, recurring: price.recurring };
    const value = standAloneValue(components.prices.get(id) ?? [], quantity, sale);
    return { product, quantity, value: value ?? refuse(missingPrice(sold, id, quantity, components.currency)) };
  });
  const split =
    splitBundle(
      { list: sold.list, discount },
      parts.map(({ value }) => value),
    ) ?? refuse(`no component of "${bundle.id}" costs anything alone, so its price cannot be split`);
  return parts.map(({ product, quantity }, part) => {
    const { list, discount: off } = split[part] ?? fail('internal.unexpected', 'a bundle lost a component');
    return frozenLine({ ...sold, line: `${sold.line}.${part + 1}`, product, quantity, list }, off, bundle.id);
  });
}

function missingPrice({ product, price, taxBehavior }: SoldLine, id: string, quantity: number, currency: string) {
  const interval = price.recurring === null ? 'one-off' : `${price.recurring.count}-${price.recurring.interval}`;
  return `"${id}" in the bundle "${product.id}" needs a ${interval}, tax-${taxBehavior} price in ${currency} for ${quantity}`;
}

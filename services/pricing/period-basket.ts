import type { Price, PriceTerms, Recurrence } from '../../domain/catalog/catalog.ts';
import type { Coupon } from '../../domain/catalog/coupon.ts';
import { fail } from '../../domain/failures.ts';
import { applyFraction } from '../../domain/money/money.ts';
import { isBundle } from '../../domain/pricing/bundle.ts';
import { applyCoupon } from '../../domain/pricing/discount.ts';
import { listAmount } from '../../domain/pricing/price-scheme.ts';
import type { TimeShare } from '../../domain/subscription/proration.ts';
import type { CatalogService } from '../catalog/catalog-service.ts';
import { loadComponents, splitLine } from './bundle-lines.ts';
import { frozenLine } from './frozen-line.ts';
import type { FrozenLine, SoldLine } from './frozen-line.ts';
import type { QuoteRequest } from './quote-schemas.ts';

/** What a subscription is billed for: at the terms that were agreed, whatever the catalogue says by now. */
export interface PeriodLine {
  readonly price: string;
  readonly product: string;
  readonly terms: PriceTerms;
  readonly recurring: Recurrence | null;
  /** A positive integer; of a metered price what was used. */
  readonly quantity: number;
  /** Minor units where tiers were counted elsewhere, by usage; null: what the terms say of the quantity. */
  readonly amount: number | null;
  /** The part of the period's price that is due; null: all of it. */
  readonly share: TimeShare | null;
}

export interface PeriodRequest {
  readonly currency: string;
  readonly customer: QuoteRequest['customer'];
  readonly lines: readonly PeriodLine[];
  /** As it was redeemed with the first period; null: none was. */
  readonly coupon: Coupon | null;
  /** Of the period that is billed: 1 is the first that was paid for. */
  readonly couponPeriod: number;
}

type PricingCatalog = Pick<CatalogService, 'getProducts' | 'getPricesOfProducts'>;

/**
 * The lines of a period with list amounts and discounts, a bundle as its components.
 * @throws catalog.product_unknown, price.quantity_invalid, price.bundle_unsplittable
 */
export async function pricePeriod(catalog: PricingCatalog, request: PeriodRequest): Promise<readonly FrozenLine[]> {
  const { currency, lines } = request;
  const products = await catalog.getProducts(lines.map(({ product }) => product));
  const whole = lines.map((line, index): SoldLine => {
    const { quantity, terms, amount } = line;
    const product =
      products.get(line.product) ?? fail('catalog.product_unknown', `there is no product "${line.product}"`);
    const list = amount ?? listAmount(terms.scheme, quantity);
    const { taxBehavior } = terms;
    return { line: `${index + 1}`, price: priceOf(line, currency), taxBehavior, product, quantity, list };
  });
  const discounts = periodDiscounts(request, whole);
  return freezeLines(catalog, {
    currency,
    sold: whole.map((line, index) => ({ line, discount: discounts[index] ?? 0, share: lines[index]?.share ?? null })),
  });
}

/** Lines as orders freeze them; a share takes its part of list amount and discount alike. */
export async function freezeLines(
  catalog: PricingCatalog,
  {
    currency,
    sold,
  }: {
    readonly currency: string;
    readonly sold: readonly { readonly line: SoldLine; readonly discount: number; readonly share: TimeShare | null }[];
  },
): Promise<readonly FrozenLine[]> {
  const due = sold.map(({ line, discount, share }) =>
    share === null
      ? { line, discount }
      : {
          line: { ...line, list: applyFraction(line.list, share.seconds, share.of) },
          discount: applyFraction(discount, share.seconds, share.of),
        },
  );
  if (!due.some(({ line }) => isBundle(line.product)))
    return due.map(({ line, discount }) => frozenLine(line, discount));
  const components = await loadComponents(
    catalog,
    due.map(({ line }) => line),
    currency,
  );
  return due.flatMap(({ line, discount }, index) => splitLine(line, discount, { components, index }));
}

/** It was redeemed: its end and its limit are no longer asked. A coupon that has run out takes nothing off. */
function periodDiscounts(
  { coupon, couponPeriod, currency }: PeriodRequest,
  lines: readonly SoldLine[],
): readonly number[] {
  const none = lines.map(() => 0);
  if (coupon === null) return none;
  const discountable = lines.map(({ product, list }) => ({ product: product.id, list }));
  const context = { currency, at: '', period: couponPeriod };
  const application = applyCoupon({ ...coupon, validUntil: null }, discountable, context);
  return application.kind === 'applied' ? application.discounts : none;
}

function priceOf({ price, product, terms, recurring }: PeriodLine, currency: string): Price {
  return { id: price, product, currency, currencyOptions: {}, recurring, ...terms };
}

import type { Price, PriceTerms, Product } from '../../domain/catalog/catalog.ts';
import type { Coupon } from '../../domain/catalog/coupon.ts';
import { fail, isFailure } from '../../domain/failures.ts';
import type { FailureCode, InputProblem } from '../../domain/failures.ts';
import { requireSoldCurrency } from '../../domain/money/currency-life-cycle.ts';
import { applyCoupon } from '../../domain/pricing/discount.ts';
import type { CouponRefusal } from '../../domain/pricing/discount.ts';
import { currenciesOf, termsIn } from '../../domain/pricing/price-in-currency.ts';
import { listAmount } from '../../domain/pricing/price-scheme.ts';
import { customerTimeZone } from '../../domain/subscription/customer-time-zone.ts';
import { firstChargeShare } from '../../domain/subscription/first-charge.ts';
import type { CatalogService } from '../catalog/catalog-service.ts';
import type { CouponRedemptions } from './coupon-redemptions.ts';
import type { FrozenLine, SoldLine } from './frozen-line.ts';
import { freezeLines } from './period-basket.ts';
import type { QuoteRequest } from './quote-schemas.ts';

export interface BasketDeps {
  readonly catalog: Pick<CatalogService, 'getPrices' | 'getProducts' | 'getCoupons' | 'getPricesOfProducts'>;
  readonly redemptions: Pick<CouponRedemptions, 'isUsedUp'>;
}

/**
 * The lines of a basket with list amounts and discounts, a bundle as its components, as orders freeze them.
 * @throws catalog.price_unknown, catalog.coupon_unknown, price.currency_not_sold, price.currency_retired,
 * price.quantity_invalid, price.coupon_refused, price.bundle_unsplittable, request.invalid
 */
export async function priceBasket(
  { catalog, redemptions }: BasketDeps,
  request: QuoteRequest,
  at: string,
): Promise<readonly FrozenLine[]> {
  requireSoldCurrency(request.currency, at, 'currency');
  const [prices, coupon] = await Promise.all([
    catalog.getPrices(request.lines.map(({ price }) => price)),
    request.coupon === null ? null : requireCoupon(catalog, request.coupon),
  ]);
  refuse(request, 'catalog.price_unknown', ({ price }) =>
    prices.has(price) ? null : { field: 'price', message: `there is no price "${price}"` },
  );
  requireCurrency(request, prices);
  const products = await catalog.getProducts([...prices.values()].map(({ product }) => product));
  const sold = request.lines.map((line, index) => soldLine(request.currency, line, index, prices, products));
  const discounts = coupon === null ? sold.map(() => 0) : couponDiscounts(coupon, sold, request.currency, at);
  if (coupon !== null && (await redemptions.isUsedUp(coupon))) refuseCoupon('this coupon has been used up');
  const sale = { at, timeZone: timeZoneOf(request), trial: request.trial !== false };
  const lines = await freezeLines(catalog, {
    currency: request.currency,
    sold: sold.map((line, index) => {
      return { line, discount: discounts[index] ?? 0, share: firstChargeShare(line.price.recurring, sale) };
    }),
  });
  if (lines.length > largestOrder) {
    const message = `the bundles come to ${lines.length} lines; an order has at most ${largestOrder}`;
    fail('request.invalid', message, [{ path: 'lines', message }]);
  }
  return lines;
}

function timeZoneOf({ customer: { timeZone = null, country, region } }: QuoteRequest): string {
  return customerTimeZone({ timeZone, country, region });
}

/** Lines with the components of bundles counted one by one: an order is one document. */
const largestOrder = 500;

function soldLine(
  currency: string,
  { price: priceId, quantity }: QuoteRequest['lines'][number],
  index: number,
  prices: ReadonlyMap<string, Price>,
  products: ReadonlyMap<string, Product>,
): SoldLine {
  const price = prices.get(priceId) ?? fail('catalog.price_unknown');
  const terms = termsIn(price, currency) ?? fail('price.currency_not_sold');
  const product =
    products.get(price.product) ?? fail('catalog.product_unknown', `there is no product "${price.product}"`);
  const list = lineAmount(terms, quantity, index);
  return { line: `${index + 1}`, price, taxBehavior: terms.taxBehavior, product, quantity, list };
}

/** Reports every line that has the problem, not only the first. */
function refuse(
  request: QuoteRequest,
  code: FailureCode,
  problemOf: (line: QuoteRequest['lines'][number]) => { readonly field: string; readonly message: string } | null,
): void {
  const problems: InputProblem[] = request.lines.flatMap((line, index) => {
    const problem = problemOf(line);
    return problem === null ? [] : [{ path: `lines[${index}].${problem.field}`, message: problem.message }];
  });
  if (problems.length > 0) fail(code, problems[0]?.message, problems);
}

function requireCurrency({ currency }: QuoteRequest, prices: ReadonlyMap<string, Price>): void {
  const others = [...prices.values()].filter((price) => termsIn(price, currency) === null);
  if (others.length === 0) return;
  const message = others
    .map((price) => `"${price.id}" is sold in ${currenciesOf(price).join(', ')}, not ${currency}`)
    .join('; ');
  fail('price.currency_not_sold', message, [{ path: 'currency', message }]);
}

function lineAmount({ scheme }: PriceTerms, quantity: number, index: number): number {
  try {
    return listAmount(scheme, quantity);
  } catch (error) {
    if (!isFailure(error, 'price.quantity_invalid') && !isFailure(error, 'money.amount_unsafe')) throw error;
    return fail('price.quantity_invalid', error.message, [
      { path: `lines[${index}].quantity`, message: error.message },
    ]);
  }
}

async function requireCoupon(catalog: BasketDeps['catalog'], id: string): Promise<Coupon> {
  const message = `there is no coupon "${id}"`;
  const coupon = (await catalog.getCoupons([id])).get(id);
  return coupon ?? fail('catalog.coupon_unknown', message, [{ path: 'coupon', message }]);
}

const refusalTexts: Readonly<Record<CouponRefusal, string>> = {
  expired: 'this coupon has ended',
  other_currency: 'this coupon is not in the currency of the order',
  no_matching_line: 'this coupon is for none of these products',
  not_this_period: 'this coupon is not for this period',
};

/** An order is the first period of whatever it sells. */
const orderPeriod = 1;

function couponDiscounts(coupon: Coupon, lines: readonly SoldLine[], currency: string, at: string): readonly number[] {
  const discountable = lines.map(({ product, list }) => ({ product: product.id, list }));
  const application = applyCoupon(coupon, discountable, { currency, at, period: orderPeriod });
  return application.kind === 'applied' ? application.discounts : refuseCoupon(refusalTexts[application.reason]);
}

function refuseCoupon(message: string): never {
  return fail('price.coupon_refused', message, [{ path: 'coupon', message }]);
}

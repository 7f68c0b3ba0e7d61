import type { Price, Product } from '../../domain/catalog/catalog.ts';
import type { Coupon } from '../../domain/catalog/coupon.ts';
import { fail, isFailure } from '../../domain/failures.ts';
import type { FailureCode, InputProblem } from '../../domain/failures.ts';
import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import { sum } from '../../domain/money/money.ts';
import type { BusinessTaxIdStatus, OrderLine, Quote } from '../../domain/order/order.ts';
import { applyCoupon } from '../../domain/pricing/discount.ts';
import type { CouponRefusal } from '../../domain/pricing/discount.ts';
import { listAmount } from '../../domain/pricing/price-scheme.ts';
import { determinePlaceOfSupply } from '../../domain/tax/determine-place.ts';
import type { PlaceOfSupply } from '../../domain/tax/place-of-supply.ts';
import type { CatalogService } from '../catalog/catalog-service.ts';
import type { TaxEngine } from '../tax/tax-service.ts';
import type { QuoteRequest } from './quote-schemas.ts';

export interface QuoteDeps {
  readonly catalog: Pick<CatalogService, 'getPrices' | 'getProducts' | 'getCoupons'>;
  readonly taxEngine: TaxEngine;
}

export interface QuoteService {
  /**
   * Prices and taxes a basket as of `at` (ISO 8601). Two queries, three with a coupon; writes nothing. A recurring
   * price is its first period.
   *
   * @param businessTaxIdStatus what the register said of the customer's id: only `confirmed` reverses the charge
   * @throws catalog.price_unknown, price.currency_not_sold, price.quantity_invalid, catalog.coupon_unknown,
   * price.coupon_refused, tax.place_unclear and what the tax engine throws
   */
  quote(request: QuoteRequest, at: string, businessTaxIdStatus: BusinessTaxIdStatus): Promise<Quote>;
}

/** A requested line with what the catalogue says of it. */
interface PricedLine {
  readonly line: string;
  readonly price: Price;
  readonly product: Product;
  readonly quantity: number;
  readonly list: number;
}

export function createQuoteService({ catalog, taxEngine }: QuoteDeps): QuoteService {
  return {
    async quote(request, at, businessTaxIdStatus) {
      const place = clearPlace(request.customer, businessTaxIdStatus);
      const { lines, coupon } = await priceLines(catalog, request);
      const discounts = coupon === null ? lines.map(() => 0) : couponDiscounts(coupon, lines, request.currency, at);
      const taxed = await taxEngine.computeTax({
        currency: request.currency,
        at,
        place,
        customerType: request.customer.type,
        businessTaxIdStatus,
        sellerCountry: legalEntityAt(at).country,
        lines: lines.map(({ line, price, product, list }, index) => ({
          line,
          taxClass: product.taxClass,
          taxBehavior: price.taxBehavior,
          amount: list - (discounts[index] ?? 0),
        })),
      });
      const byLine = new Map(taxed.lines.map((line) => [line.line, line]));
      return {
        currency: request.currency,
        net: taxed.net,
        discount: sum(discounts),
        tax: taxed.tax,
        gross: taxed.gross,
        lines: lines.map((priced, index) => {
          const { net, tax, gross, taxes } =
            byLine.get(priced.line) ?? fail('internal.unexpected', `the tax engine left out line ${priced.line}`);
          return { ...snapshot(priced), discount: discounts[index] ?? 0, net, tax, gross, taxes };
        }),
        taxes: taxed.taxes,
        placeOfSupply: place,
        reverseCharge: taxed.reverseCharge,
      };
    },
  };
}

function clearPlace(customer: QuoteRequest['customer'], businessTaxIdStatus: BusinessTaxIdStatus): PlaceOfSupply {
  const determined = determinePlaceOfSupply({ ...customer, businessTaxIdStatus });
  if (determined.kind === 'determined') return determined.place;
  return fail('tax.place_unclear', determined.question, [{ path: 'customer.country', message: determined.question }]);
}

async function priceLines(
  catalog: QuoteDeps['catalog'],
  request: QuoteRequest,
): Promise<{ lines: PricedLine[]; coupon: Coupon | null }> {
  const [prices, coupon] = await Promise.all([
    catalog.getPrices(request.lines.map(({ price }) => price)),
    request.coupon === null ? null : requireCoupon(catalog, request.coupon),
  ]);
  refuse(request, 'catalog.price_unknown', ({ price }) =>
    prices.has(price) ? null : { field: 'price', message: `there is no price "${price}"` },
  );
  requireCurrency(request, prices);
  const products = await catalog.getProducts([...prices.values()].map(({ product }) => product));
  const lines = request.lines.map(({ price: priceId, quantity }, index) => {
    const price = prices.get(priceId) ?? fail('catalog.price_unknown');
    const product =
      products.get(price.product) ?? fail('catalog.product_unknown', `there is no product "${price.product}"`);
    return { line: `${index + 1}`, price, product, quantity, list: lineAmount(price, quantity, index) };
  });
  refuseBundles(lines);
  return { lines, coupon };
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
  const others = [...prices.values()].filter((price) => price.currency !== currency);
  if (others.length === 0) return;
  const message = others.map((price) => `"${price.id}" is sold in ${price.currency}, not ${currency}`).join('; ');
  fail('price.currency_not_sold', message, [{ path: 'currency', message }]);
}

/** A bundle needs its components delivered and taxed one by one; selling it as one line would deliver nothing. */
function refuseBundles(lines: readonly PricedLine[]): void {
  const problems = lines.flatMap(({ product }, index) =>
    product.components.length === 0
      ? []
      : [{ path: `lines[${index}].price`, message: `"${product.id}" is a bundle; bundles cannot be sold yet` }],
  );
  if (problems.length > 0) fail('request.invalid', problems[0]?.message, problems);
}

function lineAmount({ scheme }: Price, quantity: number, index: number): number {
  try {
    return listAmount(scheme, quantity);
  } catch (error) {
    if (!isFailure(error, 'price.quantity_invalid') && !isFailure(error, 'money.amount_unsafe')) throw error;
    return fail('price.quantity_invalid', error.message, [
      { path: `lines[${index}].quantity`, message: error.message },
    ]);
  }
}

async function requireCoupon(catalog: QuoteDeps['catalog'], id: string): Promise<Coupon> {
  const message = `there is no coupon "${id}"`;
  const coupon = (await catalog.getCoupons([id])).get(id);
  return coupon ?? fail('catalog.coupon_unknown', message, [{ path: 'coupon', message }]);
}

const refusalTexts: Readonly<Record<CouponRefusal, string>> = {
  expired: 'this coupon has ended',
  other_currency: 'this coupon is not in the currency of the order',
  no_matching_line: 'this coupon is for none of these products',
};

function couponDiscounts(
  coupon: Coupon,
  lines: readonly PricedLine[],
  currency: string,
  at: string,
): readonly number[] {
  const refuseCoupon = (message: string) => fail('price.coupon_refused', message, [{ path: 'coupon', message }]);
  // Redemptions are not counted yet, and a limit that does not hold would give money away.
  if (coupon.maxRedemptions !== null) return refuseCoupon('coupons with a redemption limit cannot be used yet');
  const discountable = lines.map(({ product, list }) => ({ product: product.id, list }));
  const application = applyCoupon(coupon, discountable, currency, at);
  return application.kind === 'applied' ? application.discounts : refuseCoupon(refusalTexts[application.reason]);
}

/** What the order freezes of the catalogue. */
function snapshot({ line, price, product, quantity, list }: PricedLine) {
  return {
    line,
    price: price.id,
    quantity,
    product: product.id,
    productName: product.name,
    sellerId: product.sellerId,
    taxClass: product.taxClass,
    taxBehavior: price.taxBehavior,
    delivery: product.delivery,
    list,
  } satisfies Partial<OrderLine>;
}

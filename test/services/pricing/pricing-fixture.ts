import { expect } from '@jest/globals';
import type { Db } from 'mongodb';
import { couponInputSchema, priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { createCatalogService } from '../../../services/catalog/catalog-service.ts';
import { createFileStore } from '../../../services/catalog/file-store.ts';
import { createExchangeRateStore } from '../../../services/exchange-rates/exchange-rate-store.ts';
import { createExchangeRates } from '../../../services/exchange-rates/exchange-rates.ts';
import { ecbPublisher } from '../../../services/exchange-rates/rate-publisher.ts';
import { createCouponRedemptions } from '../../../services/pricing/coupon-redemptions.ts';
import { createIssuedQuotes } from '../../../services/pricing/issued-quotes.ts';
import { quoteRequestSchema } from '../../../services/pricing/quote-schemas.ts';
import type { QuoteRequest } from '../../../services/pricing/quote-schemas.ts';
import { createQuoteService } from '../../../services/pricing/quote-service.ts';
import { createSellerService } from '../../../services/seller/seller-service.ts';
import { tableTaxEngine } from '../../../services/tax/adapters/tables/table-tax-engine.ts';

export const at = '2027-02-01T10:00:00.000Z';

/** Pricing on a real database, with a catalogue that a test fills. */
export function openPricing(db: Db) {
  const files = createFileStore({ db, maxBytes: 1000 });
  const sellers = createSellerService({ db, clock: Date.now });
  const catalog = createCatalogService({
    ...{ db, files, sellers },
    licensePools: { replace: () => Promise.resolve() },
  });
  const redemptions = createCouponRedemptions({ db });
  const quotes = createQuoteService({ catalog, redemptions, sellers, taxEngine: tableTaxEngine });
  const issuedQuotes = createIssuedQuotes({ db, quotes, exchangeRates: createExchangeRates({ db }) });
  return {
    ...{ catalog, redemptions, quotes, issuedQuotes },
    putProduct: (id: string, part: object = {}) =>
      catalog.putProduct(
        id,
        productInputSchema.parse({ name: id, taxClass: 'software_download', delivery: [], ...part }),
      ),
    putPrice: (id: string, part: object, when = at) =>
      catalog.putPrice(id, priceInputSchema.parse({ currency: 'EUR', taxBehavior: 'inclusive', ...part }), when),
    putCoupon: (id: string, coupon: object) => catalog.putCoupon(id, couponInputSchema.parse(coupon)),
    /** A day's rates against the euro, accepted. */
    async publishRates(date: string, rates: Readonly<Record<string, string>>): Promise<void> {
      const store = createExchangeRateStore({ db, publisher: ecbPublisher });
      await store.insert({ source: 'ECB', date, base: 'EUR', rates }, { status: 'accepted', at });
    },
  };
}

/** Of a consumer in Germany, unless it says otherwise. */
export function basket(part: object = {}): QuoteRequest {
  const { currency, customer, lines, coupon } = quoteRequestSchema.parse({
    currency: 'EUR',
    customer: { country: 'DE' },
    lines: [{ price: 'editor-eur', quantity: 1 }],
    ...part,
  });
  return { currency, customer, lines, coupon };
}

export const failing = (code: string, ...paths: string[]): unknown =>
  expect.objectContaining({ code, problems: paths.map((path): unknown => expect.objectContaining({ path })) });

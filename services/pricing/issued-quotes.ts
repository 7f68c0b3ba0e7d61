import type { Db } from 'mongodb';
import { fail } from '../../domain/failures.ts';
import type { FailureCode, InputProblem } from '../../domain/failures.ts';
import { requireSoldCurrency } from '../../domain/money/currency-life-cycle.ts';
import { convert } from '../../domain/money/exchange-rate.ts';
import { formatRate } from '../../domain/money/rate.ts';
import type { BusinessTaxIdStatus, Quote } from '../../domain/order/order.ts';
import type { ExchangeRates } from '../exchange-rates/exchange-rates.ts';
import { createIssuedQuoteStore } from './issued-quote-store.ts';
import type { DisplayAmount, IssuedQuote } from './issued-quote-store.ts';
import { newQuoteId } from './new-quote-id.ts';
import { quoteHash } from './quote-hash.ts';
import type { QuoteRequest } from './quote-schemas.ts';
import type { QuoteService } from './quote-service.ts';

export interface IssuedQuotesDeps {
  readonly db: Db;
  readonly quotes: QuoteService;
  readonly exchangeRates: ExchangeRates;
}

/** How long a quote binds us: a day, so that somebody may sleep over it. */
const bindingMs = 24 * 3600_000;

export type IssuedQuotes = ReturnType<typeof createIssuedQuotes>;

/** Quotes that are kept under an id, so that an order can name the one that it was promised. */
export function createIssuedQuotes({ db, quotes, exchangeRates }: IssuedQuotesDeps) {
  const store = createIssuedQuoteStore(db);

  async function displayIn(
    currency: string,
    { quote, at }: { quote: Quote; at: string },
  ): Promise<DisplayAmount | null> {
    const { currency: from, gross } = quote;
    const found = await exchangeRates.rateOn({ from, to: currency, date: at.slice(0, 10) });
    if (found === null) return null;
    const { amount } = convert({ amount: gross, currency: from }, found, currency);
    return { currency, gross: amount, rate: formatRate(found.rate), source: found.source, date: found.date };
  }

  return {
    /**
     * Prices a basket as of `pricedAt` and keeps the answer. `displayCurrency` adds the total by a published rate.
     * @throws what `QuoteService.quote` throws
     */
    async issue(
      basket: QuoteRequest,
      terms: {
        readonly issuedAt: string;
        readonly pricedAt: string;
        readonly businessTaxIdStatus: BusinessTaxIdStatus;
        readonly displayCurrency: string | null;
      },
    ): Promise<IssuedQuote> {
      const { issuedAt, pricedAt, businessTaxIdStatus, displayCurrency } = terms;
      const quote = await quotes.quote(basket, pricedAt, businessTaxIdStatus);
      const issued: IssuedQuote = {
        id: newQuoteId(),
        hash: quoteHash(quote),
        basket,
        businessTaxIdStatus,
        quote,
        display: displayCurrency === null ? null : await displayIn(displayCurrency, { quote, at: pricedAt }),
        issuedAt,
        pricedAt,
        expiresAt: new Date(Date.parse(issuedAt) + bindingMs).toISOString(),
      };
      await store.insert(issued);
      return issued;
    },

    /** @throws quote.not_found */
    get: async (id: string): Promise<IssuedQuote> =>
      (await store.find(id)) ?? fail('quote.not_found', `there is no quote ${id}`),

    /**
     * The quote that an order names, taxed with what the order knows of its customer: to the cent what was promised,
     * whatever the catalogue says by now.
     * @throws quote.unknown; quote.expired; quote.mismatch for another basket or customer; quote.stale when it was not
     * priced as of its own day, or the law has changed since; price.currency_retired; tax.place_unclear
     */
    async honour(
      id: string,
      basket: QuoteRequest,
      at: string,
    ): Promise<{ readonly quote: Quote; readonly businessTaxIdStatus: BusinessTaxIdStatus }> {
      const issued = (await store.find(id)) ?? refuse('quote.unknown', 'quote', `there is no quote ${id}`);
      if (Date.parse(at) >= Date.parse(issued.expiresAt))
        refuse('quote.expired', 'quote', `the quote held until ${issued.expiresAt}`);
      refuseMismatch(strictMismatches(issued.basket, basket));
      if (issued.pricedAt !== issued.issuedAt)
        refuse('quote.stale', 'quote', `it was priced as of ${issued.pricedAt}, which is not the day of the order`);
      requireSoldCurrency(issued.quote.currency, at, 'currency');
      const { businessTaxIdStatus } = issued;
      const quote = await quotes.retax(issued.quote, basket.customer, at, businessTaxIdStatus);
      if (quoteHash(quote) !== issued.hash) {
        refuseMismatch(customerMismatches(issued.basket, basket));
        refuse('quote.stale', 'quote', 'the tax of this sale has changed since it was quoted');
      }
      return { quote, businessTaxIdStatus };
    },
  };
}

/**
 * Whoever names another country or another business is another customer, even where the tax comes out the same. Any other
 * detail may be added or changed, as long as the tax stays what was quoted.
 */
const identityFields = ['country', 'type', 'businessTaxId'] as const;

function strictMismatches(quoted: QuoteRequest, ordered: QuoteRequest): InputProblem[] {
  const wanted = (lines: QuoteRequest['lines']) => lines.map(({ price, quantity }) => `${quantity} × ${price}`);
  const quotedLines = wanted(quoted.lines);
  const orderedLines = wanted(ordered.lines);
  const count = Math.max(quotedLines.length, orderedLines.length);
  return [
    ...(quoted.currency === ordered.currency ? [] : [mismatch('currency', quoted.currency)]),
    ...Array.from({ length: count }, (_, index) => index)
      .filter((index) => quotedLines[index] !== orderedLines[index])
      .map((index) => mismatch(`lines[${index}]`, quotedLines[index] ?? null)),
    ...(quoted.coupon === ordered.coupon ? [] : [mismatch('coupon', quoted.coupon)]),
    ...((quoted.trial ?? true) === (ordered.trial ?? true) ? [] : [mismatch('trial', `${quoted.trial ?? true}`)]),
    ...customerMismatches(quoted, ordered).filter(({ path }) =>
      identityFields.some((field) => path === `customer.${field}`),
    ),
  ];
}

/** Of what a quote knows of its customer. */
function customerMismatches(quoted: QuoteRequest, ordered: QuoteRequest): InputProblem[] {
  const said = new Map<string, unknown>(Object.entries(ordered.customer));
  return Object.entries(quoted.customer)
    .filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(said.get(field)))
    .map(([field]) => mismatch(`customer.${field}`, null));
}

/** What somebody said of themselves is not repeated; of the basket it is. */
function mismatch(path: string, quoted: string | null): InputProblem {
  return { path, message: quoted === null ? 'is not what was quoted' : `was quoted as ${quoted}` };
}

function refuseMismatch(problems: readonly InputProblem[]): void {
  if (problems.length === 0) return;
  const where = problems.map(({ path }) => path).join(', ');
  fail('quote.mismatch', `the order is not what was quoted: ${where}`, problems);
}

function refuse(code: FailureCode, path: string, message: string): never {
  return fail(code, message, [{ path, message }]);
}

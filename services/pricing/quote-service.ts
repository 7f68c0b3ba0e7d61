import { fail } from '../../domain/failures.ts';
import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import { sum } from '../../domain/money/money.ts';
import type { BusinessTaxIdStatus, Quote } from '../../domain/order/order.ts';
import { determinePlaceOfSupply } from '../../domain/tax/determine-place.ts';
import type { PlaceDecision } from '../../domain/tax/determine-place.ts';
import { evidenceNotes } from '../../domain/tax/evidence-policy.ts';
import type { ExemptionCertificate } from '../../domain/tax/exemption-certificate.ts';
import type { SellerService } from '../seller/seller-service.ts';
import type { ExemptionCertificateService } from '../tax/exemption-certificate-service.ts';
import type { TaxEngine } from '../tax/tax-engine.ts';
import { priceBasket } from './basket.ts';
import type { BasketDeps } from './basket.ts';
import type { FrozenLine } from './frozen-line.ts';
import { pricePeriod } from './period-basket.ts';
import type { PeriodRequest } from './period-basket.ts';
import type { QuoteRequest } from './quote-schemas.ts';

export interface QuoteDeps extends BasketDeps {
  readonly sellers: Pick<SellerService, 'frozenTerms'>;
  readonly taxEngine: TaxEngine;
  /** Without it no certificate is known. */
  readonly exemptions?: Pick<ExemptionCertificateService, 'require'>;
}

type TaxedCustomer = QuoteRequest['customer'];

export interface QuoteService {
  /**
   * Prices and taxes a basket as of `at` (ISO 8601). Two queries, one more with a coupon, another where its redemptions
   * are limited, two more with bundles; writes nothing. A recurring price is its first period.
   *
   * @param businessTaxIdStatus what the register said of the customer's id: only `confirmed` reverses the charge
   * @throws catalog.price_unknown, price.currency_not_sold, price.currency_retired, price.quantity_invalid,
   * price.bundle_unsplittable, catalog.coupon_unknown, price.coupon_refused, seller.terms_missing, tax.place_unclear and what the tax engine
   * throws
   */
  quote(request: QuoteRequest, at: string, businessTaxIdStatus: BusinessTaxIdStatus): Promise<Quote>;

  /**
   * The same lines at the same list amounts and discounts, taxed again: for another customer or moment, or once the
   * register has answered. The catalogue is not asked. @throws tax.place_unclear and what the tax engine throws
   */
  retax(quote: Quote, customer: TaxedCustomer, at: string, businessTaxIdStatus: BusinessTaxIdStatus): Promise<Quote>;

  /**
   * Prices what a subscription owes, at its agreed terms and taxed as of `at`. @throws catalog.product_unknown,
   * price.quantity_invalid, price.bundle_unsplittable, seller.terms_missing, tax.place_unclear and what the tax engine throws
   */
  quotePeriod(request: PeriodRequest, at: string, businessTaxIdStatus: BusinessTaxIdStatus): Promise<Quote>;
}

export function createQuoteService({ taxEngine, sellers, exemptions, ...deps }: QuoteDeps): QuoteService {
  async function exemptionOf({ id, exemptionCertificate }: TaxedCustomer): Promise<ExemptionCertificate | null> {
    if (exemptionCertificate == null) return null;
    if (exemptions === undefined) return fail('tax.exemption_certificate_unknown');
    return exemptions.require(exemptionCertificate, id ?? null);
  }

  async function taxed(
    lines: readonly FrozenLine[],
    sale: {
      readonly currency: string;
      readonly customer: TaxedCustomer;
      readonly at: string;
      readonly businessTaxIdStatus: BusinessTaxIdStatus;
      readonly decision: ClearPlace;
    },
  ): Promise<Quote> {
    const { currency, customer, at, businessTaxIdStatus, decision } = sale;
    const { place } = decision;
    const { id: legalEntity, country: sellerCountry } = legalEntityAt(at);
    const result = await taxEngine.computeTax({
      currency,
      at,
      place,
      customerType: customer.type,
      businessTaxIdStatus,
      legalEntity,
      sellerCountry,
      exemption: await exemptionOf(customer),
      lines: lines.map(({ line, taxClass, taxBehavior, list, discount }) => {
        return { line, taxClass, taxBehavior, amount: list - discount };
      }),
    });
    const byLine = new Map(result.lines.map((line) => [line.line, line]));
    return {
      currency,
      net: result.net,
      discount: sum(lines.map(({ discount }) => discount)),
      tax: result.tax,
      gross: result.gross,
      lines: lines.map((line) => {
        const { net, tax, gross, taxes } =
          byLine.get(line.line) ?? fail('internal.unexpected', `the tax engine left out line ${line.line}`);
        return { ...line, net, tax, gross, taxes };
      }),
      taxes: result.taxes,
      placeOfSupply: place,
      reverseCharge: result.reverseCharge,
      taxNotes: [...evidenceNotes(decision, customer.type, { legalEntity, at }), ...result.notes],
    };
  }

  async function withSellerTerms(lines: readonly FrozenLine[], currency: string, at: string): Promise<FrozenLine[]> {
    const ids = lines.map(({ sellerId }) => sellerId);
    const terms = await sellers.frozenTerms(ids, { currency, at });
    return lines.map((line) => ({ ...line, sellerTerms: terms.get(line.sellerId) ?? null }));
  }

  return {
    async quote(request, at, businessTaxIdStatus) {
      const { currency, customer } = request;
      // Before the catalogue is read: a question to the customer costs no query.
      const decision = clearPlace(customer, businessTaxIdStatus);
      const lines = await withSellerTerms(await priceBasket(deps, request, at), currency, at);
      return taxed(lines, { currency, customer, at, businessTaxIdStatus, decision });
    },

    async quotePeriod(request, at, businessTaxIdStatus) {
      const { currency, customer } = request;
      const decision = clearPlace(customer, businessTaxIdStatus);
      const lines = await withSellerTerms(await pricePeriod(deps.catalog, request), currency, at);
      return taxed(lines, { currency, customer, at, businessTaxIdStatus, decision });
    },

    async retax({ currency, lines }, customer, at, businessTaxIdStatus) {
      const decision = clearPlace(customer, businessTaxIdStatus);
      return taxed(lines, { currency, customer, at, businessTaxIdStatus, decision });
    },
  };
}

type ClearPlace = Extract<PlaceDecision, { readonly kind: 'determined' }>;

function clearPlace(customer: TaxedCustomer, businessTaxIdStatus: BusinessTaxIdStatus): ClearPlace {
  const determined = determinePlaceOfSupply({ ...customer, businessTaxIdStatus });
  if (determined.kind === 'determined') return determined;
  const message = `${determined.question} The answer goes into customer.declaredCountry.`;
  return fail('tax.place_unclear', determined.question, [{ path: 'customer.country', message }]);
}

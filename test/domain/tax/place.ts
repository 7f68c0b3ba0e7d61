import type { TaxRequest, TaxRequestLine } from '../../../domain/tax/tax-request.ts';
import type { PlaceOfSupply } from '../../../domain/tax/place-of-supply.ts';

export const place = (
  country: string,
  region: string | null = null,
  postalCode: string | null = null,
): PlaceOfSupply => ({
  country,
  region,
  postalCode,
  evidence: [{ kind: 'billing_address', country }],
});

export const line = (values: Partial<TaxRequestLine> = {}): TaxRequestLine => ({
  line: '1',
  taxClass: 'saas',
  taxBehavior: 'exclusive',
  amount: 10_000,
  ...values,
});

/** A consumer in Germany buys SaaS for 100.00 net from Ireland on 2026-11-21, unless said otherwise. */
export const taxRequest = (values: Partial<TaxRequest> = {}): TaxRequest => ({
  currency: 'EUR',
  at: '2026-11-21T12:00:00.000Z',
  place: place('DE'),
  customerType: 'consumer',
  businessTaxIdStatus: 'not_given',
  legalEntity: 'waybill_ie',
  sellerCountry: 'IE',
  lines: [line()],
  ...values,
});

import type { FrozenSellerTerms, SellerTerms } from '../../../domain/seller/seller.ts';

/** 15 % and 0.30 EUR or 0.35 USD per line, as principal, from 2027 on. */
export function sampleTerms(change: Partial<SellerTerms> = {}): SellerTerms {
  return {
    validFrom: '2027-01-01T00:00:00.000Z',
    validTo: null,
    role: 'principal',
    commissionBasisPoints: 1_500,
    fixedFees: [
      { currency: 'EUR', amount: 30 },
      { currency: 'USD', amount: 35 },
    ],
    gatewayFees: 'us',
    source: 'Contract 1',
    ...change,
  };
}

export function frozenTerms(change: Partial<FrozenSellerTerms> = {}): FrozenSellerTerms {
  return { role: 'principal', commissionBasisPoints: 1_500, fixedFee: 30, gatewayFees: 'us', ...change };
}

/**
 * What we are under a seller's contract. `principal`: the sale is ours and the seller's part is our cost. `agent`: only
 * the commission is our revenue (IFRS 15 B34–B38).
 */
export const sellerRoles = ['principal', 'agent'] as const;
export type SellerRole = (typeof sellerRoles)[number];

/** Who bears what the gateway charges for a sale. */
export const gatewayFeeBearers = ['us', 'seller'] as const;
export type GatewayFeeBearer = (typeof gatewayFeeBearers)[number];

/** One contract period, half open, ISO 8601 UTC. A period that has begun is never rewritten, only ended. */
export interface SellerTerms {
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly role: SellerRole;
  /** Of the net amount of a line: 1,500 is 15 %. */
  readonly commissionBasisPoints: number;
  /** Taken from each order line on top, minor units; a currency that is not named has none. */
  readonly fixedFees: readonly { readonly currency: string; readonly amount: number }[];
  readonly gatewayFees: GatewayFeeBearer;
  /** The contract that says so. */
  readonly source: string;
}

/** Who supplies the product; we sell it in our own name. Without terms it is a brand of our own, and nothing is shared. */
export interface Seller {
  readonly id: string;
  readonly name: string;
  /** As the statement addresses it. */
  readonly addressLines: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly taxId: string | null;
  readonly locale: 'en' | 'de';
  readonly terms: readonly SellerTerms[];
}

/** The part of the terms that an order line freezes; `fixedFee` in minor units of the line's currency. */
export interface FrozenSellerTerms {
  readonly role: SellerRole;
  readonly commissionBasisPoints: number;
  readonly fixedFee: number;
  readonly gatewayFees: GatewayFeeBearer;
}

/** The terms in force at a moment (ISO 8601), or null. */
export function termsAt(terms: readonly SellerTerms[], at: string): SellerTerms | null {
  const moment = Date.parse(at);
  return (
    terms.find(
      ({ validFrom, validTo }) => Date.parse(validFrom) <= moment && (validTo === null || moment < Date.parse(validTo)),
    ) ?? null
  );
}

export function freezeTerms(terms: SellerTerms, currency: string): FrozenSellerTerms {
  const { role, commissionBasisPoints, fixedFees, gatewayFees } = terms;
  const fixedFee = fixedFees.find((fee) => fee.currency === currency)?.amount ?? 0;
  return { role, commissionBasisPoints, fixedFee, gatewayFees };
}

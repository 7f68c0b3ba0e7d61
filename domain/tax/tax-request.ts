import type { TaxBehavior, TaxClass } from '../catalog/catalog.ts';
import type { BusinessTaxIdStatus, CustomerType } from '../order/order.ts';
import type { ExemptionCertificate } from './exemption-certificate.ts';
import type { PlaceOfSupply } from './place-of-supply.ts';

export interface TaxRequestLine {
  readonly line: string;
  readonly taxClass: TaxClass;
  readonly taxBehavior: TaxBehavior;
  /** Minor units after discount, not negative: net for an exclusive price, gross for an inclusive one. */
  readonly amount: number;
}

export interface TaxRequest {
  readonly currency: string;
  /** ISO 8601 UTC: the tax point. */
  readonly at: string;
  readonly place: PlaceOfSupply;
  readonly customerType: CustomerType;
  readonly businessTaxIdStatus: BusinessTaxIdStatus;
  /** Id of the legal entity that sells: its registrations decide what may be charged. */
  readonly legalEntity: string;
  /** Where the legal entity that sells is established. */
  readonly sellerCountry: string;
  /** What the customer relies on; null or absent for none. */
  readonly exemption?: ExemptionCertificate | null;
  readonly lines: readonly TaxRequestLine[];
}

import type { DeliverySpec, TaxBehavior, TaxClass } from '../catalog/catalog.ts';
import type { OrderId } from '../ids.ts';
import type { PlaceOfSupply } from '../tax/place-of-supply.ts';
import type { OrderStatus, RefundStatus } from './order-status.ts';

export type CustomerType = 'consumer' | 'business';
export type Locale = 'en' | 'de';

/** What the buyer told us and what the checkout saw. Read where it is needed; never travels through Temporal. */
export interface Customer {
  readonly id: string | null;
  readonly email: string;
  readonly name: string;
  readonly locale: Locale;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly type: CustomerType;
  readonly businessTaxId: string | null;
  readonly ipCountry: string | null;
  readonly cardCountry: string | null;
}

/** One tax on one line or one order; `base` and `amount` are minor units, `rate` a decimal string such as "0.19". */
export interface TaxAmount {
  readonly jurisdiction: string;
  readonly name: string;
  readonly rate: string;
  readonly base: number;
  readonly amount: number;
}

/** A line as it was sold: frozen, so that refunds and disputes read this and never today's catalogue. */
export interface OrderLine {
  /** "1", "2", …: stable within the order. */
  readonly line: string;
  readonly price: string;
  readonly quantity: number;
  readonly product: string;
  readonly productName: string;
  readonly sellerId: string;
  readonly taxClass: TaxClass;
  readonly taxBehavior: TaxBehavior;
  readonly delivery: readonly DeliverySpec[];
  /** Minor units. list − discount is the amount that tax is added to (exclusive) or taken out of (inclusive). */
  readonly list: number;
  readonly discount: number;
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  readonly taxes: readonly TaxAmount[];
}

/** A priced and taxed basket: the answer of POST /v1/quotes and the frozen part of an order. */
export interface Quote {
  readonly currency: string;
  readonly net: number;
  readonly discount: number;
  readonly tax: number;
  readonly gross: number;
  readonly lines: readonly OrderLine[];
  readonly taxes: readonly TaxAmount[];
  readonly placeOfSupply: PlaceOfSupply;
  readonly reverseCharge: boolean;
}

export type ScreeningDecision = 'accept' | 'review' | 'reject';

export interface Screening {
  readonly decision: ScreeningDecision;
  /** Rule names such as "velocity.email", for the reviewer. */
  readonly reasons: readonly string[];
}

/** `unavailable` charges the tax now: an unconfirmed id never zero-rates silently. */
export type BusinessTaxIdStatus = 'not_given' | 'malformed' | 'confirmed' | 'unknown' | 'unavailable';

export interface TimelineEntry {
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly event: string;
  readonly text: string;
}

export interface OrderRefund {
  readonly id: string;
  readonly lines: readonly string[];
  readonly amount: number;
  readonly reason: string;
  readonly status: 'pending' | 'succeeded' | 'unknown';
  readonly creditNote: string | null;
}

/** The record of an order, one document. `revision` grows with every write, and a projection write names the one it read. */
export interface Order {
  readonly id: OrderId;
  readonly number: string;
  readonly revision: number;
  readonly status: OrderStatus;
  readonly statusReason: string | null;
  readonly refundStatus: RefundStatus;
  readonly disputed: boolean;
  readonly customer: Customer;
  readonly currency: string;
  readonly requestedLines: readonly { readonly price: string; readonly quantity: number }[];
  /** Id of the coupon that the buyer named. */
  readonly coupon: string | null;
  readonly payment: { readonly method: string; readonly token: string };
  readonly consents: { readonly immediateDelivery: boolean; readonly withdrawalWaiver: boolean };
  readonly metadata: Readonly<Record<string, string>>;
  readonly quote: Quote | null;
  readonly businessTaxIdStatus: BusinessTaxIdStatus;
  readonly screening: Screening | null;
  readonly review: {
    readonly decision: 'approve' | 'reject';
    readonly by: string;
    readonly note: string;
    readonly at: string;
  } | null;
  readonly refunds: readonly OrderRefund[];
  readonly timeline: readonly TimelineEntry[];
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** When its workflow was started; null until then, which is what the sweep looks for. */
  readonly startedAt: string | null;
}

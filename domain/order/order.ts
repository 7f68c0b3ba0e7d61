import type { DeliverySpec, Recurrence, TaxBehavior, TaxClass } from '../catalog/catalog.ts';
import type { OrderId } from '../ids.ts';
import type { CreditedLine } from '../invoice/credited-line.ts';
import type { RefundPart } from '../refund/refund.ts';
import type { FrozenSellerTerms } from '../seller/seller.ts';
import type { EvidenceItem, PlaceOfSupply } from '../tax/place-of-supply.ts';
import type { TaxNote } from '../tax/tax-note.ts';
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
  /** Street and number, and the town: only invoices need them. */
  readonly street: string | null;
  readonly city: string | null;
  readonly type: CustomerType;
  readonly businessTaxId: string | null;
  readonly ipCountry: string | null;
  readonly cardCountry: string | null;
  /** The country that the customer named when asked, because the other evidence contradicted itself. */
  readonly declaredCountry?: string | null;
  /** Further evidence of the place: bank, SIM card, fixed line, shipping address. */
  readonly evidence?: readonly EvidenceItem[];
  /** Id of the exemption certificate that the customer relies on. */
  readonly exemptionCertificate?: string | null;
  /** IANA; absent: that of the country or state. Subscriptions are billed in its days. */
  readonly timeZone?: string | null;
}

/** One tax on one line or one order; `base` and `amount` are minor units, `rate` a decimal string such as "0.19". */
export interface TaxAmount {
  readonly jurisdiction: string;
  readonly name: string;
  readonly rate: string;
  readonly base: number;
  readonly amount: number;
  /** Id of the exemption certificate because of which the rate is 0; absent on every other tax. */
  readonly exemption?: string;
}

/** A line as it was sold: frozen, so that refunds and disputes read this and never today's catalogue. */
export interface OrderLine {
  /** "1", "2", …, and "1.1", "1.2", … for the components of a bundle: stable within the order. */
  readonly line: string;
  readonly price: string;
  /** Of a component: its quantity in the bundle times the bundles sold. */
  readonly quantity: number;
  readonly product: string;
  readonly productName: string;
  /** Product id of the bundle that the line was sold as a part of; its price is `price`. */
  readonly bundle: string | null;
  readonly sellerId: string;
  /** What of the price is the seller's; null: nothing, the product is our own. */
  readonly sellerTerms: FrozenSellerTerms | null;
  readonly taxClass: TaxClass;
  readonly taxBehavior: TaxBehavior;
  readonly delivery: readonly DeliverySpec[];
  /** What one charge pays for; null when it is paid for once and for all. The first period runs from the sale. */
  readonly recurring: Recurrence | null;
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
  /** Why a tax is absent or present against expectation. Absent in quotes made before it was recorded. */
  readonly taxNotes?: readonly TaxNote[];
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

/** What counts of a refund against what is left of the order; its record is in services/refund. */
export interface OrderRefund {
  readonly id: string;
  readonly lines: readonly string[];
  readonly amount: number;
  readonly reason: string;
  /** `pending` and `succeeded` are reserved; `failed` and `cancelled` are free again. */
  readonly status: 'pending' | 'succeeded' | 'failed' | 'cancelled';
  readonly creditNote: string | null;
  /** What is reserved of each line. Absent on refunds from before it was written down: these took whole lines. */
  readonly parts?: readonly RefundPart[];
  /** Of `amount`, what becomes store credit, minor units; absent: nothing. */
  readonly toCredit?: number;
  /** As the credit note splits it, once the money went back; `place` is 1, 2, … among the credits of the order. */
  readonly credited?: { readonly place: number; readonly lines: readonly CreditedLine[] };
}

/** What an order of a subscription bills; half-open, ISO 8601 UTC. */
export interface OrderBilling {
  /** `subscription_cycle`: a period and what was used in the one before it; `subscription_update`: a change at once. */
  readonly reason: 'purchase' | 'subscription_cycle' | 'subscription_update';
  readonly subscription: string;
  readonly periodStart: string;
  readonly periodEnd: string;
  /** By line of the request ("1", also for its components "1.1", "1.2"): whose item it is, and the time that it pays for. */
  readonly lines: readonly {
    readonly line: string;
    readonly item: string;
    readonly start: string;
    readonly end: string;
  }[];
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
  /** What is charged: priced at intake, or the issued quote that the order names. */
  readonly quote: Quote | null;
  /** The issued quote (`quo_…`) that the order was placed under; null: priced at intake. */
  readonly quoteId: string | null;
  /** `quoteHash` of `quote`. */
  readonly quoteHash: string;
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
  /** Store credit of the customer is to pay for it as far as it goes; absent: no. */
  readonly useStoreCredit?: boolean;
  /** Of the gross, what store credit pays, minor units: the rest is charged. Absent until it was taken, and where none is. */
  readonly creditApplied?: number;
  /** Null, or absent in orders from before there were any: it is no order of a subscription. */
  readonly billing?: OrderBilling | null;
  /** ISO 8601 UTC. */
  readonly createdAt: string;
  /** When its workflow was started; null until then, which is what the sweep looks for. */
  readonly startedAt: string | null;
}

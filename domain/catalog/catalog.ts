/** What the catalogue holds. Plain data: the API's shapes of api.md and what the order snapshot freezes of them. */

export const taxClasses = [
  'saas',
  'software_download',
  'ebook',
  'media_download',
  'streaming',
  'course_live',
  'course_recorded',
  'service',
  'physical',
  'shipping',
] as const;
export type TaxClass = (typeof taxClasses)[number];

/** How a product reaches the customer. `license` without a pool generates keys; with one it uses the list up. */
export type DeliverySpec =
  | { readonly method: 'license'; readonly pool: string | null }
  | { readonly method: 'download'; readonly file: string }
  | { readonly method: 'attachment'; readonly file: string }
  | { readonly method: 'account'; readonly host: string; readonly plan: string }
  | { readonly method: 'parcel' };
export type DeliveryMethod = DeliverySpec['method'];

export interface Product {
  readonly id: string;
  readonly sellerId: string;
  readonly name: string;
  readonly taxClass: TaxClass;
  readonly delivery: readonly DeliverySpec[];
  readonly components: readonly { readonly product: string; readonly quantity: number }[];
}

/** Amounts are integer minor units of the price's currency. `upTo: null` is the open last tier. */
export type PriceScheme =
  | { readonly type: 'flat'; readonly amount: number }
  | { readonly type: 'per_unit'; readonly amount: number }
  | {
      readonly type: 'volume' | 'graduated';
      readonly tiers: readonly {
        readonly upTo: number | null;
        readonly unitAmount: number;
        readonly flatAmount: number;
      }[];
    }
  | { readonly type: 'package'; readonly size: number; readonly amount: number };

export type TaxBehavior = 'inclusive' | 'exclusive';

export interface Recurrence {
  readonly interval: 'day' | 'week' | 'month' | 'year';
  readonly count: number;
  readonly usage: 'licensed' | 'metered';
  readonly meter: string | null;
  /** Time before the first charge; absent: none. */
  readonly trial?: TrialTerms;
  /**
   * `anniversary` (absent: that): periods begin with the sale. `calendar`: at midnight, on Mondays or on the first of a
   * month, after a first period that is a part of one and costs that part.
   */
  readonly align?: 'anniversary' | 'calendar';
  /** Usage that comes with each unit of a licensed price in a period; absent: none. */
  readonly includes?: IncludedUsage;
}

/** An allowance: what of it is used reduces what a downgrade gives back. */
export interface IncludedUsage {
  readonly meter: string;
  readonly quantity: number;
}

export interface TrialTerms {
  readonly days: number;
  /** Whether it begins only with a payment method on file. */
  readonly methodRequired: boolean;
}

/** What a price asks in one currency; `scheme` is in its minor units. */
export interface PriceTerms {
  readonly taxBehavior: TaxBehavior;
  readonly scheme: PriceScheme;
}

export interface Price extends PriceTerms {
  readonly id: string;
  readonly product: string;
  readonly currency: string;
  /** Further currencies that it is sold in, by ISO code: explicit amounts, never converted ones. */
  readonly currencyOptions: Readonly<Record<string, PriceTerms>>;
  readonly recurring: Recurrence | null;
}

export const defaultSellerId = 'seller_default';

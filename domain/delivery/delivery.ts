import type { DeliveryMethod, DeliverySpec } from '../catalog/catalog.ts';
import { idempotencyKeys } from '../idempotency.ts';
import type { OrderId } from '../ids.ts';
import type { TransitionTable } from '../state-machine.ts';

// Part of the workflow bundle: no libraries here.

/** `pending`: intended, perhaps half done. `revoked`: taken back, or stopped before it was done. */
export type DeliveryStatus = 'pending' | 'delivered' | 'impossible' | 'revoked';

export const deliveryTransitions: TransitionTable<DeliveryStatus> = {
  pending: ['delivered', 'impossible', 'revoked'],
  delivered: ['revoked'],
  impossible: [],
  revoked: [],
};

/** Why a delivery can never happen: expected answers, the line's money goes back. */
export type ImpossibleReason = 'license_pool_empty' | 'account_refused' | 'file_missing';

export type DeliveryOutcome =
  { readonly kind: 'delivered' } | { readonly kind: 'impossible'; readonly reason: ImpossibleReason };

/** What the customer was given, as a fact of that moment. */
export type DeliveryDetails =
  | { readonly method: 'license'; readonly keys: readonly string[] }
  | { readonly method: 'download'; readonly file: string }
  | { readonly method: 'attachment'; readonly file: string }
  | { readonly method: 'account'; readonly accountId: string; readonly loginUrl: string };

/** One way of delivering one line of one order. Nothing personal: the customer is found through the order. */
export interface DeliveryRecord {
  /** `deliveryId`: also the idempotency key towards partners. */
  readonly id: string;
  readonly orderId: OrderId;
  readonly line: string;
  readonly product: string;
  readonly method: DeliveryMethod;
  /** The specification as sold: taking back reads this, never today's catalogue. */
  readonly spec: DeliverySpec;
  readonly quantity: number;
  readonly status: DeliveryStatus;
  /** Only with `impossible`. */
  readonly reason: ImpossibleReason | null;
  /** null until delivered. */
  readonly details: DeliveryDetails | null;
  /** ISO 8601 UTC, as are the others: when it was first asked for. */
  readonly at: string;
  readonly deliveredAt: string | null;
  /** When taking it back was complete: null with status `revoked` means that a step of it is still to be repeated. */
  readonly revokedAt: string | null;
}

/** One delivery per order line and method. */
export function deliveryId(orderId: OrderId, line: string, method: DeliveryMethod): string {
  return idempotencyKeys.delivery(orderId, line, method);
}

export interface DeliveryCapabilities {
  /** The customer has it within the same step. */
  readonly instant: boolean;
  /** Somebody else's system has to act: it may be away for hours, and is asked in its own retry class. */
  readonly partner: boolean;
  /** Can be taken back once it was delivered. */
  readonly revocable: boolean;
  /** Needs a postal address. */
  readonly needsAddress: boolean;
  /** Whether anybody here carries it out; what is not served is not sold. */
  readonly served: boolean;
}

/** What workflow, refunds and checkout branch on, so that none of them asks for a method by name. */
export const deliveryCapabilities: Readonly<Record<DeliveryMethod, DeliveryCapabilities>> = {
  license: { instant: true, partner: false, revocable: true, needsAddress: false, served: true },
  download: { instant: true, partner: false, revocable: true, needsAddress: false, served: true },
  attachment: { instant: true, partner: false, revocable: false, needsAddress: false, served: true },
  account: { instant: true, partner: true, revocable: true, needsAddress: false, served: true },
  parcel: { instant: false, partner: true, revocable: false, needsAddress: true, served: false },
};

import type { ChargeLimitRow } from '../../domain/money/data/charge-limits.ts';
import type { Money } from '../../domain/money/money.ts';
import type { CardFacts, RefundFailure } from '../../domain/payment/payment.ts';

/** A charge as the port sees it. `key` is the idempotency key (domain/idempotency.ts), `reference` the order id. */
export interface AuthorizeRequest {
  readonly key: string;
  readonly reference: string;
  readonly amount: Money;
  readonly method: string;
  readonly token: string;
  /** Where the gateway sends the customer back to after an action. */
  readonly returnUrl: string | null;
  /** The customer is not there, as at a renewal; absent: they are. */
  readonly offSession?: boolean;
  /** Our id of the customer, for the provider's own checks; absent: not told. */
  readonly customerId?: string;
  /** Of an earlier approval of the same card, where the customer is not there; absent: none is known. */
  readonly networkTransactionId?: string;
}

/** What a gateway says of a payment. An unmapped status of the provider becomes `pending`, never success or failure. */
export type GatewayPayment =
  | {
      readonly status: 'authorized' | 'captured';
      readonly paymentId: string;
      readonly riskSignals: readonly string[];
      /** null: not a card, or nothing is told of it. */
      readonly card: CardFacts | null;
    }
  | {
      readonly status: 'declined';
      readonly paymentId: string;
      readonly declineCode: string;
      /** The network's own words, such as "51" and "03"; null: not passed on. */
      readonly networkDeclineCode: string | null;
      readonly networkAdviceCode: string | null;
      readonly card: CardFacts | null;
    }
  | { readonly status: 'action_required'; readonly paymentId: string; readonly actionUrl: string }
  | { readonly status: 'pending'; readonly paymentId: string; readonly actionUrl: string | null }
  | { readonly status: 'voided' | 'expired'; readonly paymentId: string };

export interface GatewayRefund {
  readonly status: 'succeeded' | 'pending' | 'failed';
  readonly refundId: string;
  /** Why it failed; absent unless it did and the provider said. */
  readonly failure?: RefundFailure;
}

/**
 * The port that every payment provider implements (adapters/<name>/). Each call may fail with
 * - `GatewayUnreachable`: the request surely did not arrive, another candidate may be tried;
 * - `GatewayOutcomeUnknown`: it may have arrived (time-out, dropped connection, 5xx): look it up by key;
 * - Failure `payment.gateway_rejected`, `payment.idempotency_conflict`: our mistake, never retried.
 */
export interface PaymentGateway {
  readonly id: string;
  authorize(request: AuthorizeRequest): Promise<GatewayPayment>;
  capture(request: {
    readonly key: string;
    readonly paymentId: string;
    readonly amount: Money;
  }): Promise<GatewayPayment>;
  /** A no-op answer when the payment was voided before. */
  void(request: { readonly key: string; readonly paymentId: string }): Promise<GatewayPayment>;
  refund(request: { readonly key: string; readonly paymentId: string; readonly amount: Money }): Promise<GatewayRefund>;
  /** null: the gateway knows no payment made with this idempotency key. */
  lookup(query: { readonly key: string }): Promise<GatewayPayment | null>;
  lookupRefund(query: { readonly key: string }): Promise<GatewayRefund | null>;
}

/** The request surely did not arrive (connection refused, name not found). */
export class GatewayUnreachable extends Error {
  override readonly name = 'GatewayUnreachable';
}

/**
 * The request left and no trustworthy answer came back. `answered`: the other side did answer, with a server error, so
 * the request is no longer in flight and a lookup by key says for sure whether it was done.
 */
export class GatewayOutcomeUnknown extends Error {
  override readonly name = 'GatewayOutcomeUnknown';
  readonly answered: boolean;

  constructor(message: string, options: { readonly answered: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause });
    this.answered = options.answered;
  }
}
/** What the router knows of a gateway without asking it. Costs are data of the contract with the provider. */
export interface GatewayProfile {
  readonly id: string;
  readonly methods: readonly string[];
  /** ISO codes, or 'any'. */
  readonly currencies: readonly string[] | 'any';
  /** Variable cost in basis points of the amount. */
  readonly costBasisPoints: number;
  /** The smallest and largest charges that it takes, by currency. */
  readonly limits: readonly ChargeLimitRow[];
}

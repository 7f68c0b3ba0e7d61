/** Who has to act for the failure to go away. */
type Actor = 'caller' | 'customer' | 'operator' | 'nobody';

interface FailureDefinition {
  /** HTTP status of the problem answer. */
  readonly status: number;
  /** Whether the same call may succeed later without anyone changing its input. */
  readonly retryable: boolean;
  readonly actor: Actor;
  /** One line for the person who reads it, used as the problem's title. */
  readonly title: string;
}

const caller = (status: number, title: string): FailureDefinition => ({
  status,
  retryable: false,
  actor: 'caller',
  title,
});
const later = (title: string): FailureDefinition => ({ status: 503, retryable: true, actor: 'nobody', title });
const operator = (title: string): FailureDefinition => ({ status: 500, retryable: false, actor: 'operator', title });

/**
 * The one catalogue of failure codes. A code is permanent: histories, API answers and alerts refer to it.
 * Expected business answers (a decline, an empty licence pool) are values, not failures, and are not listed here.
 */
export const failureCatalogue = {
  'request.invalid': caller(400, 'The request is not valid'),
  'request.card_number': caller(400, 'A field looks like a card number; card data must never be sent here'),
  'request.unauthenticated': caller(401, 'A valid API key is required'),
  'request.not_found': caller(404, 'There is no such thing here'),
  'request.too_large': caller(413, 'The body is too large'),
  'request.media_type_unsupported': caller(415, 'This call does not take that media type'),
  'request.rate_limited': { status: 429, retryable: true, actor: 'caller', title: 'Too many requests' },
  'request.signature_invalid': caller(401, 'The webhook signature is not valid'),
  'idempotency.key_missing': caller(400, 'POST needs an Idempotency-Key header'),
  'idempotency.conflict': caller(409, 'This Idempotency-Key was used with another body'),
  'idempotency.in_progress': {
    status: 409,
    retryable: true,
    actor: 'caller',
    title: 'The first request with this Idempotency-Key is still running',
  },
  'money.currency_unknown': caller(422, 'Not an ISO 4217 currency'),
  'money.amount_unsafe': operator('An amount left the range of safe integers'),
  'money.rate_invalid': operator('A rate is malformed'),
  'catalog.product_unknown': caller(422, 'There is no such product'),
  'catalog.price_unknown': caller(422, 'There is no such price'),
  'catalog.file_unknown': caller(422, 'There is no such file'),
  'catalog.seller_unknown': caller(422, 'There is no such seller'),
  'catalog.coupon_unknown': caller(422, 'There is no such coupon'),
  'price.coupon_refused': caller(422, 'This coupon cannot be used here'),
  'price.currency_not_sold': caller(422, 'This price is not sold in that currency'),
  'price.quantity_invalid': caller(422, 'This quantity cannot be priced'),
  'tax.place_unclear': {
    status: 422,
    retryable: false,
    actor: 'customer',
    title: 'The evidence for the place of supply contradicts itself',
  },
  'tax.country_not_served': caller(422, 'We do not sell to this country'),
  'tax.region_required': caller(422, 'The tax of this country needs the region'),
  'tax.data_missing': operator('No tax rate is on file for this date'),
  'tax.checker_unavailable': later('The business tax id checker does not answer'),
  'order.not_found': caller(404, 'There is no such order'),
  'order.already_paid': caller(409, 'The order is already paid; ask for a refund instead'),
  'order.already_ended': caller(409, 'The order has already ended'),
  'order.not_deliverable': caller(422, 'Something in the order cannot be delivered'),
  'order.not_in_review': caller(409, 'The order is not waiting for a review'),
  'order.state_conflict': operator('The order is not in the state that this step expects'),
  'payment.gateway_unavailable': later('The payment gateway does not answer'),
  'payment.gateway_rejected': operator('The payment gateway refused the request as malformed'),
  'payment.idempotency_conflict': operator('An idempotency key was reused with other input'),
  'payment.outcome_unknown': {
    status: 503,
    retryable: true,
    actor: 'operator',
    title: 'The outcome of a payment is not known yet',
  },
  'payment.no_gateway': caller(422, 'No gateway takes this payment method in this currency'),
  'payment.not_found': caller(404, 'There is no such payment'),
  'delivery.account_host_unavailable': later('The account host does not answer'),
  'delivery.account_refused': operator('The account host refused the request'),
  'delivery.account_host_unknown': operator('No account host is registered under this name'),
  'delivery.conflict': operator('The delivery was recorded with other content, or was taken back'),
  'delivery.method_not_served': operator('This service does not carry out that delivery method'),
  'delivery.not_found': caller(404, 'There is no such delivery'),
  'download.expired': caller(410, 'This download link has expired'),
  'download.revoked': caller(410, 'This download was taken back'),
  'download.limit_reached': caller(410, 'This download link has been used as often as it may be'),
  'message.transport_unavailable': later('The mail server does not answer'),
  'message.refused': operator('The mail server refused the message for good'),
  'message.conflict': operator('A message exists for this fact with other content'),
  'message.in_progress': later('Another worker is sending this message'),
  'invoice.not_found': caller(404, 'There is no such invoice'),
  'invoice.conflict': operator('An invoice exists for this fact with other content'),
  'invoice.legal_entity_missing': operator('No legal entity is on file for this date'),
  'ledger.unbalanced': operator('A journal entry does not balance'),
  'ledger.conflict': operator('A journal entry exists for this fact with other postings'),
  'store.unavailable': later('The database does not answer'),
  'workflow.unavailable': later('The workflow service does not answer'),
  'internal.unexpected': operator('Something unexpected happened'),
} as const satisfies Record<string, FailureDefinition>;

export type FailureCode = keyof typeof failureCatalogue;

/** Where in the input the problem lies: a JSON path such as "lines[0].quantity". */
export interface InputProblem {
  readonly path: string;
  readonly message: string;
}

/**
 * The one error that domain and services throw. Activities turn it into an ApplicationFailure of type `code`, the API
 * into a problem answer. Never matched by message: `isFailure(error, code)`.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly problems: readonly InputProblem[];

  constructor(
    code: FailureCode,
    message?: string,
    options: { problems?: readonly InputProblem[]; cause?: unknown } = {},
  ) {
    super(message ?? failureCatalogue[code].title, { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }

  get definition(): FailureDefinition {
    return failureCatalogue[this.code];
  }
}

/** Throws; typed `never` so that it can stand where a value is missing. */
export function fail(code: FailureCode, message?: string, problems?: readonly InputProblem[]): never {
  throw new Failure(code, message, problems === undefined ? {} : { problems });
}

export function isFailure(error: unknown, code?: FailureCode): error is Failure {
  return error instanceof Failure && (code === undefined || error.code === code);
}

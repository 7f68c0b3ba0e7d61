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
  'exchange_rates.unavailable': later('The publisher of exchange rates does not answer'),
  'exchange_rates.unreadable': operator('The published exchange rates cannot be read'),
  'exchange_rates.conflict': operator('Exchange rates are on file for this day with other values'),
  'exchange_rates.not_held': caller(409, 'The exchange rates of this day do not wait for a decision'),
  'catalog.product_unknown': caller(422, 'There is no such product'),
  'catalog.price_unknown': caller(422, 'There is no such price'),
  'catalog.file_unknown': caller(422, 'There is no such file'),
  'catalog.seller_unknown': caller(422, 'There is no such seller'),
  'catalog.coupon_unknown': caller(422, 'There is no such coupon'),
  'price.coupon_refused': caller(422, 'This coupon cannot be used here'),
  'price.currency_not_sold': caller(422, 'This price is not sold in that currency'),
  'price.quantity_invalid': caller(422, 'This quantity cannot be priced'),
  'price.currency_retired': caller(422, 'This currency has ended and is no longer sold in'),
  'price.bundle_unsplittable': caller(422, 'The price of this bundle cannot be split over its components'),
  'quote.not_found': caller(404, 'There is no such quote'),
  'quote.unknown': caller(422, 'There is no such quote'),
  'quote.expired': caller(409, 'The quote has expired; ask for a new one'),
  'quote.mismatch': caller(409, 'The order is not what was quoted'),
  'quote.stale': caller(409, 'The quote no longer holds; ask for a new one'),
  'tax.place_unclear': {
    status: 422,
    retryable: false,
    actor: 'customer',
    title: 'The evidence for the place of supply contradicts itself',
  },
  'tax.country_not_served': caller(422, 'We do not sell to this country'),
  'tax.region_required': caller(422, 'The tax of this country needs the region'),
  'tax.exemption_certificate_unknown': caller(422, 'There is no such exemption certificate'),
  'tax.engine_unavailable': later('The tax engine does not answer'),
  'tax.engine_answer_invalid': operator('The tax engine answered something that cannot be charged'),
  'tax.data_missing': operator('No tax rate is on file for this date'),
  'tax.checker_unavailable': later('The business tax id checker does not answer'),
  'tax.confirmation_not_waiting': caller(409, 'Nobody waits for the business tax id of this order to be confirmed'),
  'order.not_found': caller(404, 'There is no such order'),
  'order.already_paid': caller(409, 'The order is already paid; ask for a refund instead'),
  'order.already_ended': caller(409, 'The order has already ended'),
  'order.not_deliverable': caller(422, 'Something in the order cannot be delivered'),
  'order.not_in_review': caller(409, 'The order is not waiting for a review'),
  'order.state_conflict': operator('The order is not in the state that this step expects'),
  'payment.gateway_unavailable': later('The payment gateway does not answer'),
  'payment.gateway_rejected': operator('The payment gateway refused the request as malformed'),
  'payment.idempotency_conflict': operator('An idempotency key was reused with other input'),
  'payment.pace_exceeded': later('More charges wait for their turn than the gateways take soon'),
  'payment.outcome_unknown': {
    status: 503,
    retryable: true,
    actor: 'operator',
    title: 'The outcome of a payment is not known yet',
  },
  'payment.no_gateway': caller(422, 'No gateway takes this payment method in this currency'),
  'payment.amount_out_of_range': caller(422, 'No gateway takes an amount of this size in this currency'),
  'payment.not_found': caller(404, 'There is no such payment'),
  'payment.refund_exceeds': operator('Less than that is left of the payment to give back'),
  'payment.refund_failed': operator('The payment gateway could not give the money back'),
  'payment.refund_pending': operator('The payment gateway never said how the refund ended'),
  'store_credit.amount_invalid': operator('Not an amount of store credit'),
  'store_credit.conflict': operator('A movement of store credit exists under this key with other content'),
  'store_credit.busy': later('Others are moving this store credit'),
  'refund.not_found': caller(404, 'There is no such refund'),
  'refund.line_unknown': caller(422, 'The order has no such line'),
  'refund.currency_mismatch': caller(422, 'The order was not paid in that currency'),
  'refund.order_not_paid': caller(409, 'Nothing was paid for this order'),
  'refund.order_disputed': caller(409, 'The payment is disputed; the dispute decides about the money'),
  'refund.exceeds': caller(409, 'Less than that is left of the order to give back'),
  'refund.nothing_left': caller(409, 'Nothing is left of the order to give back'),
  'refund.not_waiting': caller(409, 'The refund does not wait for that'),
  'refund.same_person': caller(409, 'Another person has to decide'),
  'refund.too_late': caller(409, 'The money is on its way, or it is decided already'),
  'bulk_refund.not_found': caller(404, 'There is no such bulk refund'),
  'bulk_refund.not_waiting': caller(409, 'The bulk refund does not wait for that'),
  'bulk_refund.same_person': caller(409, 'For that much money another person has to confirm'),
  'bulk_refund.state_conflict': operator('The bulk refund is not in the state that this step expects'),
  'refund.state_conflict': operator('The refund is not in the state that this step expects'),
  'delivery.account_host_unavailable': later('The account host does not answer'),
  'delivery.account_refused': operator('The account host refused the request'),
  'delivery.account_host_unknown': operator('No account host is registered under this name'),
  'delivery.conflict': operator('The delivery was recorded with other content, or was taken back'),
  'delivery.method_not_served': operator('This service does not carry out that delivery method'),
  'delivery.not_found': caller(404, 'There is no such delivery'),
  'download.expired': caller(410, 'This download link has expired'),
  'download.revoked': caller(410, 'This download was taken back'),
  'download.suspended': caller(403, 'This download is suspended'),
  'download.limit_reached': caller(410, 'This download link has been used as often as it may be'),
  'dunning.policy_missing': operator('No dunning policy is on file for this date'),
  'dunning.card_log_contended': later('Too many charges of one card were asked about at the same moment'),
  'message.transport_unavailable': later('The mail server does not answer'),
  'message.refused': operator('The mail server refused the message for good'),
  'message.conflict': operator('A message exists for this fact with other content'),
  'message.in_progress': later('Another worker is sending this message'),
  'message.data_invalid': operator('A message was queued with facts that cannot be read'),
  'invoice.not_found': caller(404, 'There is no such invoice'),
  'invoice.conflict': operator('An invoice exists for this fact with other content'),
  'invoice.legal_entity_missing': operator('No legal entity is on file for this date'),
  'invoice.not_itemised': operator('The lines of an invoice do not add up to its totals'),
  'invoice.exchange_rate_missing': {
    status: 503,
    retryable: true,
    actor: 'operator',
    title: 'The invoice waits for an exchange rate that the law asks for',
  },
  'invoice.e_invoice_not_possible': caller(422, 'This document cannot be said in that electronic format'),
  'ledger.unbalanced': operator('A journal entry does not balance'),
  'ledger.conflict': operator('A journal entry exists for this fact with other postings'),
  'seller.not_found': caller(404, 'There is no such seller'),
  'seller.statement_too_long': caller(422, 'The period has more entries than one statement can show'),
  'seller.terms_missing': caller(422, 'The contract with this seller has no terms for this date'),
  'seller.terms_begun': caller(
    409,
    'Terms that have begun, or begin too soon to reach every process, cannot be changed',
  ),
  'tax_report.not_found': caller(404, 'There is no such return'),
  'tax_report.not_ended': caller(409, 'The period of this return has not ended'),
  'tax_report.not_closed': caller(409, 'This return is still open; it is closed a day after its period'),
  'tax_report.conflict': caller(409, 'This return was filed under another reference'),
  'tax_report.busy': later('Another return of the scheme was closed at the same time'),
  'tax_report.rate_missing': later('No exchange rate is on file for a currency of this return'),
  'tax_report.altered': operator('A closed return is not what was closed'),
  'revenue.rule_missing': operator('No rule says when this is earned'),
  'revenue.schedule_not_found': caller(404, 'There is no such recognition schedule'),
  'revenue.schedule_conflict': operator('A recognition schedule exists with other content'),
  'revenue.schedule_busy': later('Another run is posting this recognition schedule'),
  'usage.meter_unknown': caller(422, 'The subscription is not billed by that meter'),
  'usage.quantity_invalid': caller(422, 'Not a quantity of usage'),
  'usage.time_invalid': caller(422, 'No usage can have happened at that time'),
  'usage.period_closed': caller(409, 'The period of that usage is closed'),
  'usage.paused': caller(409, 'The subscription was paused at that time'),
  'usage.subscription_unknown': caller(422, 'There is no such subscription'),
  'usage.subscription_ended': caller(409, 'The subscription has ended'),
  'usage.event_unknown': caller(422, 'There is no such usage event'),
  'usage.value_missing': caller(422, 'The meter counts different values, and this event names none'),
  'usage.meter_fixed': caller(409, 'How a meter counts cannot be changed once it has counted'),
  'usage.conflict': caller(409, 'This usage event was recorded with other content'),
  'subscription.not_found': caller(404, 'There is no such subscription'),
  'subscription.ended': caller(409, 'The subscription has ended'),
  'subscription.change_invalid': caller(422, 'The subscription cannot be changed like this'),
  'subscription.bill_open': caller(409, 'A charge of this subscription is being collected'),
  'subscription.not_pausable': caller(409, 'The subscription cannot be paused now'),
  'subscription.not_paused': caller(409, 'The subscription is not paused'),
  'subscription.not_trialing': caller(409, 'The subscription is not in its trial'),
  'subscription.not_cancelled': caller(409, 'No cancellation is there to be taken back'),
  'subscription.cancelling': caller(409, 'The subscription is going to end'),
  'subscription.no_pending_change': caller(409, 'No change waits to be applied'),
  'subscription.nothing_unpaid': caller(409, 'Nothing of this subscription is unpaid'),
  'subscription.too_many_tries': caller(409, 'The payment was tried too often; another payment method is needed'),
  'subscription.method_required': caller(422, 'This needs a payment method'),
  'subscription.payment_declined': {
    status: 402,
    retryable: false,
    actor: 'customer',
    title: 'The payment was declined, and nothing was changed',
  },
  'subscription.command_unknown': operator('There is no such command of a subscription'),
  'subscription.state_conflict': operator('The subscription is not in the state that this step expects'),
  'subscription.busy': later('The subscription was changed at the same time'),
  'preview.unknown': caller(422, 'There is no such preview'),
  'preview.stale': caller(409, 'The preview no longer holds; ask for a new one'),
  'time.date_invalid': caller(422, 'Not a date of the calendar'),
  'time.zone_unknown': caller(422, 'There is no such time zone'),
  'period.index_invalid': operator('A billing period was asked for by an index that no period has'),
  'period.before_anchor': caller(422, 'No billing period had begun at that moment'),
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

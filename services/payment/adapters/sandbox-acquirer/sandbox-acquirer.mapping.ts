import { z } from 'zod';
import type { CardFacts, RefundFailure } from '../../../../domain/payment/payment.ts';
import type { GatewayPayment, GatewayRefund } from '../../payment-gateway.ts';

export const acquirerPaymentSchema = z.object({
  pspReference: z.string().min(1),
  /** Left open: a status that this adapter has never heard of must not break it. */
  status: z.string(),
  refusalCode: z.string().nullable().default(null),
  adviceCode: z.string().nullable().default(null),
  card: z
    .object({
      fingerprint: z.string().min(1),
      scheme: z.string(),
      issuerCountry: z.string().nullable().default(null),
      networkTransactionId: z.string().nullable().default(null),
    })
    .nullable()
    .default(null),
  risk: z.array(z.string()).default([]),
  action: z.object({ url: z.url() }).nullable().default(null),
});
export type AcquirerPayment = z.output<typeof acquirerPaymentSchema>;

export const acquirerRefundSchema = z.object({
  refundReference: z.string().min(1),
  status: z.string(),
  failureReason: z.string().nullable().default(null),
});
export type AcquirerRefund = z.output<typeof acquirerRefundSchema>;

/**
 * The refusal codes of both acquirers (raw network codes at one, words at the other) → normalised codes of
 * domain/payment/decline-codes.ts.
 */
const declineCodeOf: ReadonlyMap<string, string> = new Map([
  ['04', 'pickup_card'],
  ['05', 'do_not_honor'],
  ['14', 'incorrect_number'],
  ['1A', 'authentication_required'],
  ['41', 'lost_card'],
  ['43', 'stolen_card'],
  ['51', 'insufficient_funds'],
  ['54', 'expired_card'],
  ['57', 'transaction_not_allowed'],
  ['61', 'withdrawal_count_limit_exceeded'],
  ['65', 'card_velocity_exceeded'],
  ['91', 'issuer_not_available'],
  ['96', 'processing_error'],
  ['CARD_EXPIRED', 'expired_card'],
  ['CARD_REPORTED_LOST', 'lost_card'],
  ['CARD_REPORTED_STOLEN', 'stolen_card'],
  ['DO_NOT_HONOUR', 'do_not_honor'],
  ['INVALID_ACCOUNT_NUMBER', 'incorrect_number'],
  ['ISSUER_INOPERATIVE', 'issuer_not_available'],
  ['NOT_SUFFICIENT_FUNDS', 'insufficient_funds'],
  ['SCA_FAILED', 'authentication_required'],
  ['SCA_REQUIRED', 'authentication_required'],
]);

/** Words for the networks' codes, at the acquirer that has words; the other passes the codes on as they are. */
const networkCodeOf: ReadonlyMap<string, string> = new Map([
  ['CARD_EXPIRED', '54'],
  ['CARD_REPORTED_LOST', '41'],
  ['CARD_REPORTED_STOLEN', '43'],
  ['DO_NOT_HONOUR', '05'],
  ['INVALID_ACCOUNT_NUMBER', '14'],
  ['ISSUER_INOPERATIVE', '91'],
  ['NOT_SUFFICIENT_FUNDS', '51'],
  ['SCA_FAILED', '1A'],
  ['SCA_REQUIRED', '1A'],
]);

/** Mastercard's merchant advice codes, and the words of the acquirer that has words for them. */
const adviceCodeOf: ReadonlyMap<string, string> = new Map([
  ['CONFIRM_CARD_DATA', '01'],
  ['TRY_AGAIN_LATER', '02'],
  ['DO_NOT_TRY_AGAIN', '03'],
]);

const refundFailureOf: ReadonlyMap<string, RefundFailure> = new Map([
  ['CARD_CLOSED', 'card_closed'],
  ['REJECTED_BY_ISSUER', 'declined'],
]);

/** The port's words for the acquirer's payment. Only explicit success or failure settles; the rest is pending. */
export function toGatewayPayment(payment: AcquirerPayment): GatewayPayment {
  const { pspReference: paymentId, risk: riskSignals } = payment;
  const card = cardFacts(payment);
  switch (payment.status) {
    case 'AUTHORISED':
      return { status: 'authorized', paymentId, riskSignals, card };
    case 'SETTLED':
      return { status: 'captured', paymentId, riskSignals, card };
    case 'REFUSED':
      return {
        status: 'declined',
        paymentId,
        declineCode: normalisedDeclineCode(payment.refusalCode),
        networkDeclineCode: networkCode(networkCodeOf, payment.refusalCode),
        networkAdviceCode: networkCode(adviceCodeOf, payment.adviceCode),
        card,
      };
    case 'CANCELLED':
      return { status: 'voided', paymentId };
    case 'LAPSED':
      return { status: 'expired', paymentId };
    case 'CHALLENGE':
      return payment.action === null
        ? { status: 'pending', paymentId, actionUrl: null }
        : { status: 'action_required', paymentId, actionUrl: payment.action.url };
    default:
      return { status: 'pending', paymentId, actionUrl: payment.action?.url ?? null };
  }
}

export function toGatewayRefund(refund: AcquirerRefund): GatewayRefund {
  const refundId = refund.refundReference;
  switch (refund.status) {
    case 'COMPLETED':
      return { status: 'succeeded', refundId };
    case 'FAILED':
      return { status: 'failed', refundId, failure: refundFailureOf.get(refund.failureReason ?? '') ?? 'unknown' };
    default:
      return { status: 'pending', refundId };
  }
}

function normalisedDeclineCode(code: string | null): string {
  return (code === null ? undefined : declineCodeOf.get(code)) ?? 'generic_decline';
}

/** Two characters are a code already; a word that nobody has heard of is passed on as nothing. */
function networkCode(words: ReadonlyMap<string, string>, said: string | null): string | null {
  if (said === null) return null;
  return words.get(said) ?? (/^[0-9A-Z]{2}$/.test(said) ? said : null);
}

function cardFacts({ card }: AcquirerPayment): CardFacts | null {
  if (card === null) return null;
  const { scheme, ...facts } = card;
  return { ...facts, network: scheme.toLowerCase() };
}

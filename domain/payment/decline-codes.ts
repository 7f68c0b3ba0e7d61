import type { DeclineClass } from './payment.ts';

interface DeclineCodeRow {
  readonly code: string;
  readonly declineClass: DeclineClass;
  readonly validFrom: string;
  /** First day on which it no longer holds; null: still does. */
  readonly validTo: string | null;
  readonly source: string;
}

/** When the sources below were read: no earlier date is claimed. */
const validFrom = '2026-01-01';
const stripe = 'docs.stripe.com/declines/codes';

function rows(declineClass: DeclineClass, source: string, codes: readonly string[]): DeclineCodeRow[] {
  return codes.map((code) => ({ code, declineClass, validFrom, validTo: null, source }));
}

/**
 * Normalised decline codes: every adapter maps its provider's codes to these. The class decides what may follow; the
 * sources are the card networks' own categories and the public code list that the names come from.
 */
export const declineCodes: readonly DeclineCodeRow[] = [
  ...rows('hard', `${stripe}; Visa category 1 (04 07 12 15 41 43 46 57 R0 R1 R3): never retried`, [
    'incorrect_number',
    'lost_card',
    'stolen_card',
    'pickup_card',
    'revocation_of_authorization',
    'revocation_of_all_authorizations',
    'highest_risk_level',
    'transaction_not_allowed',
  ]),
  ...rows('hard', `${stripe}: a new payment method is needed`, [
    'fraudulent',
    'invalid_account',
    'stop_payment_order',
    'restricted_card',
    'security_violation',
    'do_not_try_again',
    'card_not_supported',
    'currency_not_supported',
    'merchant_blacklist',
  ]),
  ...rows('authentication', `${stripe}; Visa 1A (category 3), Mastercard 65: needs the customer`, [
    'authentication_required',
  ]),
  ...rows('fix_data', `${stripe}; Visa category 3 (54 55 70 82 N7 14)`, [
    'expired_card',
    'incorrect_cvc',
    'invalid_cvc',
    'invalid_expiry_month',
    'invalid_expiry_year',
    'incorrect_zip',
    'new_account_information_available',
  ]),
  ...rows('soft_funds', `${stripe}; Visa category 2 (51 61 65)`, [
    'insufficient_funds',
    'withdrawal_count_limit_exceeded',
    'card_velocity_exceeded',
  ]),
  ...rows('soft_technical', `${stripe}; Visa category 2 (19 91 96)`, [
    'processing_error',
    'issuer_not_available',
    'try_again_later',
    'reenter_transaction',
    'approve_with_id',
  ]),
  ...rows('vague', `${stripe}; Visa categories 2 and 4 (05 59)`, [
    'generic_decline',
    'do_not_honor',
    'call_issuer',
    'no_action_taken',
    'not_permitted',
    'service_not_allowed',
  ]),
];

const inForce: ReadonlyMap<string, DeclineClass> = new Map(
  declineCodes.filter(({ validTo }) => validTo === null).map(({ code, declineClass }) => [code, declineClass]),
);

/** The class of a normalised decline code as it holds now; a code that is not in the table is `vague`. */
export function declineClassOf(code: string): DeclineClass {
  return inForce.get(code) ?? 'vague';
}

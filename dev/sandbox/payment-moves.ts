import { refuse } from './partner-error.ts';
import type { SandboxPayment, SandboxPaymentState } from './sandbox-payment.ts';

/** The moves that a payment allows. Each answers the payment afterwards, the very same one when nothing changed. */
export const paymentMoves = {
  /** Several partial captures are allowed; their sum never passes what was authorised. */
  capture(payment: SandboxPayment, amount: number): SandboxPayment {
    requireState(payment, ['authorised', 'settled']);
    if (payment.captured + amount > payment.amount)
      refuse(422, 'amount_too_large', 'More than what is left of the authorisation');
    return { ...payment, state: 'settled', captured: payment.captured + amount };
  },
  cancel(payment: SandboxPayment): SandboxPayment {
    if (payment.state === 'cancelled') return payment;
    requireState(payment, ['authorised', 'challenge', 'awaiting_funds']);
    return { ...payment, state: 'cancelled' };
  },
  refund(payment: SandboxPayment, amount: number): SandboxPayment {
    requireState(payment, ['settled']);
    if (payment.refunded + amount > payment.captured)
      refuse(422, 'amount_too_large', 'More than what is left of the captured amount');
    return { ...payment, refunded: payment.refunded + amount };
  },
  /** The money of a refund came back from the customer's bank. */
  returnRefund: (payment: SandboxPayment, amount: number): SandboxPayment => ({
    ...payment,
    refunded: payment.refunded - amount,
  }),
  /** The customer finished 3-D Secure. */
  authenticate(payment: SandboxPayment, passed: boolean): SandboxPayment {
    const end = passed ? 'authorised' : 'refused';
    if (payment.state === end) return payment;
    requireState(payment, ['challenge']);
    return { ...payment, state: end, refusal: passed ? null : 'authentication_failed' };
  },
  /** The money of a bank transfer or voucher arrived. */
  settle(payment: SandboxPayment): SandboxPayment {
    if (payment.state === 'settled') return payment;
    requireState(payment, ['awaiting_funds']);
    return { ...payment, state: 'settled', captured: payment.amount };
  },
  expire(payment: SandboxPayment): SandboxPayment {
    if (payment.state === 'lapsed') return payment;
    requireState(payment, ['awaiting_funds', 'authorised', 'challenge']);
    return { ...payment, state: 'lapsed' };
  },
} as const;

function requireState(payment: SandboxPayment, allowed: readonly SandboxPaymentState[]): void {
  if (!allowed.includes(payment.state)) refuse(409, 'invalid_state', `The payment is ${payment.state}`);
}

import type { IssuerVerdict } from './issuer.ts';
import { refuse } from './partner-error.ts';
import { paymentMoves } from './payment-moves.ts';
import { newId } from './sandbox-payment.ts';
import type {
  PaymentProvider,
  RefundRefusal,
  SandboxPayment,
  SandboxPaymentState,
  SandboxRefund,
} from './sandbox-payment.ts';

export type PaymentEventType =
  | 'payment.settled'
  | 'payment.expired'
  | 'payment.authenticated'
  | 'payment.authentication_failed'
  | 'refund.completed'
  | 'refund.failed';
export type PaymentListener = (type: PaymentEventType, payment: SandboxPayment, refund: SandboxRefund | null) => void;

interface NewPayment extends Pick<
  SandboxPayment,
  'provider' | 'key' | 'reference' | 'method' | 'amount' | 'currency' | 'returnUrl' | 'card'
> {
  readonly verdict: IssuerVerdict;
}

const stateOf = {
  approve: 'authorised',
  refuse: 'refused',
  challenge: 'challenge',
  await_funds: 'awaiting_funds',
} as const satisfies Record<IssuerVerdict['kind'], SandboxPaymentState>;

/** All payments of all providers; what happens to one outside a provider's API is told to `notify`. */
export function createPaymentBook(notify: PaymentListener) {
  const payments = new Map<string, SandboxPayment>();
  const refunds = new Map<string, SandboxRefund>();
  /** Payments whose card no longer exists. */
  const closedCards = new Set<string>();
  /** Payment ids by provider and idempotency key. */
  const idsByKey = new Map<string, string>();
  const keyOf = (provider: PaymentProvider, key: string) => `${provider} ${key}`;

  const find = (id: string) => payments.get(id) ?? refuse(404, 'not_found', 'There is no such payment');
  function findByKey(provider: PaymentProvider, key: string): SandboxPayment | null {
    const id = idsByKey.get(keyOf(provider, key));
    return id === undefined ? null : find(id);
  }
  function save(payment: SandboxPayment): SandboxPayment {
    payments.set(payment.id, payment);
    return payment;
  }
  function announce(before: SandboxPayment, after: SandboxPayment, type: PaymentEventType): SandboxPayment {
    if (after !== before) notify(type, save(after), null);
    return after;
  }

  return {
    find,
    findByKey,
    findRefundByKey: (provider: PaymentProvider, key: string) => refunds.get(keyOf(provider, key)) ?? null,
    list: (reference?: string) =>
      [...payments.values()].filter((payment) => reference === undefined || payment.reference === reference),

    open(request: NewPayment): SandboxPayment {
      const payment = save(newPayment(request));
      idsByKey.set(keyOf(payment.provider, payment.key), payment.id);
      return payment;
    },
    countReplay(provider: PaymentProvider, key: string): void {
      const payment = findByKey(provider, key);
      if (payment !== null) save({ ...payment, askedAt: [...payment.askedAt, new Date().toISOString()] });
    },
    capture: (payment: SandboxPayment, amount: number) => save(paymentMoves.capture(payment, amount)),
    cancel: (payment: SandboxPayment) => save(paymentMoves.cancel(payment)),
    refund(payment: SandboxPayment, key: string, amount: number): SandboxRefund {
      const paid = paymentMoves.refund(payment, amount);
      const { provider, id: paymentId, currency } = payment;
      const facts = { id: newId('ref'), key, provider, paymentId, amount, currency };
      const closed = closedCards.has(paymentId);
      const refund: SandboxRefund = closed
        ? { ...facts, state: 'failed', failure: 'card_closed' }
        : { ...facts, state: 'completed', failure: null };
      refunds.set(keyOf(provider, key), refund);
      notify(closed ? 'refund.failed' : 'refund.completed', save(closed ? payment : paid), refund);
      return refund;
    },
    /** The customer's bank sends a refund back, however long ago it was paid. */
    failRefund(id: string, failure: RefundRefusal): SandboxRefund {
      const refund = [...refunds.values()].find((one) => one.id === id);
      if (refund === undefined) return refuse(404, 'not_found', 'There is no such refund');
      if (refund.state === 'failed') return refund;
      const failed: SandboxRefund = { ...refund, state: 'failed', failure };
      refunds.set(keyOf(refund.provider, refund.key), failed);
      notify('refund.failed', save(paymentMoves.returnRefund(find(refund.paymentId), refund.amount)), failed);
      return failed;
    },
    listRefunds: (paymentId?: string) =>
      [...refunds.values()].filter((refund) => paymentId === undefined || refund.paymentId === paymentId),
    /** The card of a payment expires or is cancelled: what is refunded to it from now on does not arrive. */
    closeCard(payment: SandboxPayment): SandboxPayment {
      closedCards.add(payment.id);
      return payment;
    },
    authenticate: (payment: SandboxPayment, passed: boolean) =>
      announce(
        payment,
        paymentMoves.authenticate(payment, passed),
        passed ? 'payment.authenticated' : 'payment.authentication_failed',
      ),
    settle: (payment: SandboxPayment) => announce(payment, paymentMoves.settle(payment), 'payment.settled'),
    expire: (payment: SandboxPayment) => announce(payment, paymentMoves.expire(payment), 'payment.expired'),
  };
}

export type PaymentBook = ReturnType<typeof createPaymentBook>;

function newPayment({ verdict, ...facts }: NewPayment): SandboxPayment {
  return {
    ...facts,
    id: newId('pay'),
    state: stateOf[verdict.kind],
    refusal: verdict.kind === 'refuse' ? verdict.refusal : null,
    riskSignals: verdict.kind === 'approve' ? verdict.riskSignals : [],
    captured: 0,
    refunded: 0,
    askedAt: [new Date().toISOString()],
  };
}

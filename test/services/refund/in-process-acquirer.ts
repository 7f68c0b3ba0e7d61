import { acquirerA, showAcquirerPayment, showAcquirerRefund } from '../../../dev/sandbox/acquirer.ts';
import { createIdempotencyKeys } from '../../../dev/sandbox/idempotency.ts';
import { createIssuer } from '../../../dev/sandbox/issuer.ts';
import { PartnerError } from '../../../dev/sandbox/partner-error.ts';
import { createPaymentBook } from '../../../dev/sandbox/payment-book.ts';
import { readGatewayAnswer } from '../../../services/payment/adapters/gateway-answer.ts';
import {
  acquirerPaymentSchema,
  acquirerRefundSchema,
  toGatewayPayment,
  toGatewayRefund,
} from '../../../services/payment/adapters/sandbox-acquirer/sandbox-acquirer.mapping.ts';
import { GatewayOutcomeUnknown, GatewayUnreachable } from '../../../services/payment/payment-gateway.ts';
import type { GatewayProfile, PaymentGateway } from '../../../services/payment/payment-gateway.ts';

const id = 'acquirer_a';
const url = 'https://sandbox.test';

export const anyAmount: GatewayProfile = { id, methods: ['card'], currencies: 'any', costBasisPoints: 140, limits: [] };

/** What happens to a call on its way; `lost`: it is done, and the answer never comes. */
export type WireFault = 'none' | 'unreachable' | 'lost';

/**
 * The sandbox's acquirer without the wire: its book, its idempotency keys and its words, read by the real adapter's
 * mapping. Faults are drawn by the test, and refunds may be `pending` until the bank settles them.
 */
export function createInProcessAcquirer() {
  const book = createPaymentBook(() => undefined);
  const issuer = createIssuer();
  const keys = createIdempotencyKeys();
  const pending = new Set<string>();
  let faults: WireFault[] = [];
  let pendingNext = 0;

  /** One call: a fault before it, what the acquirer does and says, a fault after it. */
  async function over<Answer>(call: () => Answer): Promise<Answer> {
    await Promise.resolve();
    const fault = faults.shift() ?? 'none';
    if (fault === 'unreachable') throw new GatewayUnreachable('unreachable');
    const answer = refusalsAsAnswers(call);
    if (fault === 'lost') throw new GatewayOutcomeUnknown('lost', { answered: false });
    return answer;
  }
  const once = (key: string, path: string, body: object, perform: () => object): object =>
    keys.once(id, key, { path, body }, () => ({ status: 200, body: perform() })).answer.body;
  const payment = (found: unknown) => toGatewayPayment(acquirerPaymentSchema.parse(found));
  const refund = (found: unknown, key: string) =>
    toGatewayRefund({ ...acquirerRefundSchema.parse(found), ...(pending.has(key) ? { status: 'RECEIVED' } : {}) });
  const show = (paymentId: string) => showAcquirerPayment(acquirerA, book.find(paymentId), url);

  const gateway: PaymentGateway = {
    id,
    authorize: ({ key, reference, amount, method, token, returnUrl, customerId = null, offSession = false }) =>
      over(() =>
        payment(
          once(key, '/payments', { reference, amount, token }, () => {
            const { verdict } = issuer.decide({ token, cardholder: customerId, offSession });
            const card = issuer.card(token, customerId);
            const opened = book.open({ provider: id, key, reference, method, ...amount, returnUrl, card, verdict });
            return showAcquirerPayment(acquirerA, opened, url);
          }),
        ),
      ),
    capture: ({ key, paymentId, amount }) =>
      over(() => {
        once(key, `/payments/${paymentId}/captures`, amount, () => book.capture(book.find(paymentId), amount.amount));
        return payment(show(paymentId));
      }),
    void: ({ key, paymentId }) =>
      over(() => {
        once(key, `/payments/${paymentId}/cancel`, {}, () => book.cancel(book.find(paymentId)));
        return payment(show(paymentId));
      }),
    refund: ({ key, paymentId, amount }) =>
      over(() => {
        once(key, `/payments/${paymentId}/refunds`, amount, () => {
          const made = book.refund(book.find(paymentId), key, amount.amount);
          if (pendingNext > 0) pending.add(key);
          pendingNext = Math.max(0, pendingNext - 1);
          return made;
        });
        const found = book.findRefundByKey(id, key);
        return refund(found === null ? null : showAcquirerRefund(found), key);
      }),
    lookup: ({ key }) =>
      over(() => {
        const found = book.findByKey(id, key);
        return found === null ? null : payment(showAcquirerPayment(acquirerA, found, url));
      }),
    lookupRefund: ({ key }) =>
      over(() => {
        const found = book.findRefundByKey(id, key);
        return found === null ? null : refund(showAcquirerRefund(found), key);
      }),
  };

  return {
    gateway,
    book,
    /** What becomes of the next calls, whoever makes them. */
    disturb: (next: readonly WireFault[]) => void (faults = [...next]),
    /** The next refunds that are made stay pending. */
    holdRefunds: (count: number) => void (pendingNext = count),
    /** The bank says how a pending refund ended. */
    settle(key: string): void {
      pending.delete(key);
    },
  };
}

/** A refusal in the words of the adapter: `wrong_state` aside, which these tests never get to. */
function refusalsAsAnswers<Answer>(call: () => Answer): Answer {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof PartnerError)) throw error;
    const body = { error: { code: error.code, processed: false } };
    readGatewayAnswer(id, { kind: 'answered', status: error.status, body }, acquirerPaymentSchema);
    throw error;
  }
}

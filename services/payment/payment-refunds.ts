import { fail, isFailure } from '../../domain/failures.ts';
import { idempotencyKeys } from '../../domain/idempotency.ts';
import type { Payment } from '../../domain/payment/payment.ts';
import { settledAnswer } from './gateway-calls.ts';
import { GatewayOutcomeUnknown, GatewayUnreachable } from './payment-gateway.ts';
import type { GatewayRefund, PaymentGateway } from './payment-gateway.ts';
import type { PaymentStore } from './payment-store.ts';

/** `pending`: the gateway will say later; ask again. `failed`: it never will, and the amount may be refunded anew. */
export type RefundAnswer = GatewayRefund['status'];

/** Money back at the gateway that took it: reserved first, so that all refunds together never exceed what was captured. */
export function createPaymentRefunds({
  store,
  gatewayOf,
}: {
  readonly store: PaymentStore;
  readonly gatewayOf: (id: string) => PaymentGateway;
}) {
  return {
    /**
     * Gives money back. Called again it looks the refund up, and asks once more under the same key only when the gateway
     * knows nothing of it: so a `pending` one is followed by calling again. `exceeds`: less than that is left to refund.
     * @throws payment.outcome_unknown, payment.gateway_unavailable (call again), payment.idempotency_conflict
     */
    async refund(orderId: string, refundId: string, amount: number): Promise<RefundAnswer | 'exceeds'> {
      const before = await store.require(orderId);
      const known = before.refunds.find((refund) => refund.refundId === refundId);
      if (!(await store.reserveRefund(orderId, refundId, amount))) return 'exceeds';
      if (known?.status === 'succeeded' || known?.status === 'failed') return known.status;
      const { gateway, paymentId } = captureOf(before, gatewayOf);
      const key = idempotencyKeys.refund(orderId, refundId);
      const found = known === undefined ? null : await findRefund(gateway, key);
      const ask = () => gateway.refund({ key, paymentId, amount: { amount, currency: before.currency } });
      const answer = found ?? (await settledRefund(gateway, key, ask));
      await store.settleRefund(orderId, refundId, answer);
      return answer.status;
    },

    /**
     * How a refund stands at the gateway now. A bank may send the money back weeks after it has succeeded: then the
     * amount is given free, once, and every later answer is `failed` too.
     * @throws payment.not_found, payment.outcome_unknown when the gateway cannot be asked
     */
    async recheckRefund(orderId: string, refundId: string): Promise<RefundAnswer> {
      const payment = await store.require(orderId);
      const known = payment.refunds.find((refund) => refund.refundId === refundId);
      if (known === undefined) return fail('payment.not_found', `order ${orderId} has no refund ${refundId}`);
      if (known.status === 'failed') return 'failed';
      const { gateway } = captureOf(payment, gatewayOf);
      const found = await findRefund(gateway, idempotencyKeys.refund(orderId, refundId));
      // Nothing is known there of a refund whose request never arrived: `refund` asks for it again.
      if (found === null) return known.status === 'succeeded' ? 'succeeded' : 'pending';
      await store.settleRefund(orderId, refundId, found);
      // Once it has succeeded, `pending` is an older answer.
      return found.status === 'pending' && known.status === 'succeeded' ? 'succeeded' : found.status;
    },
  };
}

function captureOf({ orderId, attempts }: Payment, gatewayOf: (id: string) => PaymentGateway) {
  const attempt = attempts.find(({ status }) => status === 'captured');
  if (attempt?.paymentId == null) return fail('payment.not_found', `order ${orderId} has no captured payment`);
  return { gateway: gatewayOf(attempt.gateway), paymentId: attempt.paymentId };
}

/** What the gateway refuses is surely not done: as good as a refund that failed later. */
async function settledRefund(
  gateway: PaymentGateway,
  key: string,
  ask: () => Promise<GatewayRefund>,
): Promise<Pick<GatewayRefund, 'status' | 'failure'>> {
  try {
    return await settledAnswer(
      ask,
      () => gateway.lookupRefund({ key }),
      () => true,
    );
  } catch (error) {
    if (isFailure(error, 'payment.gateway_rejected')) return { status: 'failed' };
    throw error;
  }
}

/** null: the gateway knows no refund under this key. @throws payment.outcome_unknown when it cannot be asked */
async function findRefund(gateway: PaymentGateway, key: string): Promise<GatewayRefund | null> {
  try {
    return await gateway.lookupRefund({ key });
  } catch (error) {
    if (error instanceof GatewayUnreachable || error instanceof GatewayOutcomeUnknown)
      return fail('payment.outcome_unknown', `${gateway.id} cannot be asked about ${key}`);
    throw error;
  }
}

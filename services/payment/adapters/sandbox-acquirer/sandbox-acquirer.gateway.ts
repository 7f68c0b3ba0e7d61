import { z } from 'zod';
import { fail } from '../../../../domain/failures.ts';
import type { Money } from '../../../../domain/money/money.ts';
import { requestPartner } from '../../../http/partner-request.ts';
import type { PartnerRequest } from '../../../http/partner-request.ts';
import type { PaymentGateway } from '../../payment-gateway.ts';
import { readGatewayAnswer } from '../gateway-answer.ts';
import type { GatewayConfig } from '../gateway-config.ts';
import {
  acquirerPaymentSchema,
  acquirerRefundSchema,
  toGatewayPayment,
  toGatewayRefund,
} from './sandbox-acquirer.mapping.ts';

const paymentAnswer = z.object({ payment: acquirerPaymentSchema });
const paymentsAnswer = z.object({ payments: z.array(acquirerPaymentSchema).max(1) });
const refundAnswer = z.object({ refund: acquirerRefundSchema });
const refundsAnswer = z.object({ refunds: z.array(acquirerRefundSchema).max(1) });

const wireAmount = ({ amount, currency }: Money) => ({ value: amount, currency });

/** A card acquirer of the sandbox; `id` is both its name here and its path there. */
export function createSandboxAcquirer(id: 'acquirer_a' | 'acquirer_b', config: GatewayConfig): PaymentGateway {
  const root = `${config.baseUrl}/acquirers/${id}`;

  async function call<Body>(
    schema: z.ZodType<Body>,
    path: string,
    request: Pick<PartnerRequest, 'method' | 'idempotencyKey' | 'body'>,
  ): Promise<Body | 'wrong_state'> {
    const { apiKey, timeoutMs } = config;
    return readGatewayAnswer(id, await requestPartner({ ...request, url: root + path, apiKey, timeoutMs }), schema);
  }
  async function read<Body>(schema: z.ZodType<Body>, path: string): Promise<Body> {
    const answer = await call(schema, path, { method: 'GET' });
    return answer === 'wrong_state' ? fail('payment.gateway_rejected', `${id} refused to read ${path}`) : answer;
  }
  /** A move that came too late is no error: the answer is the state that the payment is in. */
  async function move(paymentId: string, verb: 'captures' | 'cancel', key: string, body: object) {
    const path = `/payments/${encodeURIComponent(paymentId)}`;
    const answer = await call(paymentAnswer, `${path}/${verb}`, { method: 'POST', idempotencyKey: key, body });
    return toGatewayPayment((answer === 'wrong_state' ? await read(paymentAnswer, path) : answer).payment);
  }

  return {
    id,
    async authorize(request) {
      const answer = await call(paymentAnswer, '/payments', {
        method: 'POST',
        idempotencyKey: request.key,
        body: {
          merchantReference: request.reference,
          shopperReference: request.customerId ?? null,
          amount: wireAmount(request.amount),
          paymentMethod: { type: request.method, token: request.token },
          returnUrl: request.returnUrl,
          offSession: request.offSession ?? false,
          networkTransactionId: request.networkTransactionId ?? null,
        },
      });
      return answer === 'wrong_state'
        ? fail('payment.gateway_rejected', `${id} refused a new payment`)
        : toGatewayPayment(answer.payment);
    },
    capture: ({ key, paymentId, amount }) => move(paymentId, 'captures', key, { amount: wireAmount(amount) }),
    void: ({ key, paymentId }) => move(paymentId, 'cancel', key, {}),
    async refund({ key, paymentId, amount }) {
      const answer = await call(refundAnswer, `/payments/${encodeURIComponent(paymentId)}/refunds`, {
        method: 'POST',
        idempotencyKey: key,
        body: { amount: wireAmount(amount) },
      });
      return answer === 'wrong_state'
        ? fail('payment.gateway_rejected', `${id} holds no captured money of ${paymentId}`)
        : toGatewayRefund(answer.refund);
    },
    async lookup({ key }) {
      const { payments } = await read(paymentsAnswer, `/payments?idempotency_key=${encodeURIComponent(key)}`);
      return payments[0] === undefined ? null : toGatewayPayment(payments[0]);
    },
    async lookupRefund({ key }) {
      const { refunds } = await read(refundsAnswer, `/refunds?idempotency_key=${encodeURIComponent(key)}`);
      return refunds[0] === undefined ? null : toGatewayRefund(refunds[0]);
    },
  };
}

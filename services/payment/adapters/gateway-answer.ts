import { z } from 'zod';
import { fail } from '../../../domain/failures.ts';
import type { PartnerAnswer } from '../../http/partner-request.ts';
import { GatewayOutcomeUnknown, GatewayUnreachable } from '../payment-gateway.ts';

const errorSchema = z.object({ error: z.object({ code: z.string(), processed: z.boolean().optional() }) });

/**
 * Reads a provider's answer: the body of a 2xx by its schema, `wrong_state` for a move that the payment does not allow
 * (the caller then asks for its state), and everything else as the error of the port that it stands for.
 */
export function readGatewayAnswer<Body>(
  gateway: string,
  answer: PartnerAnswer,
  schema: z.ZodType<Body>,
): Body | 'wrong_state' {
  if (answer.kind === 'not_sent') throw new GatewayUnreachable(`${gateway} cannot be reached: ${answer.reason}`);
  if (answer.kind === 'no_answer')
    throw new GatewayOutcomeUnknown(`${gateway} did not answer: ${answer.reason}`, { answered: false });
  const { status } = answer;
  if (status >= 200 && status < 300) {
    const body = schema.safeParse(answer.body);
    if (body.success) return body.data;
    throw new GatewayOutcomeUnknown(`${gateway} answered ${status} with a body that cannot be read`, {
      answered: true,
      cause: body.error,
    });
  }
  const problem = errorSchema.safeParse(answer.body).data?.error;
  if (problem?.code === 'idempotency_key_reused')
    fail('payment.idempotency_conflict', `${gateway} knows this idempotency key with other input`);
  if (problem?.code === 'invalid_state') return 'wrong_state';
  // 429 and a 503 that says so were not processed: as good as never sent.
  if (status === 429 || (status === 503 && problem?.processed === false))
    throw new GatewayUnreachable(`${gateway} answered ${status}: not processed`);
  if (status >= 400 && status < 500)
    fail('payment.gateway_rejected', `${gateway} refused the request: ${status} ${problem?.code ?? 'without a code'}`);
  // Behind a 502 or 504 the provider may still be working on it.
  throw new GatewayOutcomeUnknown(`${gateway} answered ${status}`, { answered: status !== 502 && status !== 504 });
}

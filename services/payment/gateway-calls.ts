import { fail } from '../../domain/failures.ts';
import { GatewayOutcomeUnknown, GatewayUnreachable } from './payment-gateway.ts';
import type { GatewayPayment, PaymentGateway } from './payment-gateway.ts';

/** null: the gateway knows no payment under this key. @throws payment.outcome_unknown when it cannot be asked */
export async function lookup(gateway: PaymentGateway, key: string): Promise<GatewayPayment | null> {
  try {
    return await gateway.lookup({ key });
  } catch (error) {
    if (error instanceof GatewayUnreachable || error instanceof GatewayOutcomeUnknown) {
      return fail('payment.outcome_unknown', `${gateway.id} cannot be asked about ${key}`);
    }
    throw error;
  }
}

/**
 * Asks; when no trustworthy answer came, looks it up by key before anyone asks again.
 * @throws payment.gateway_unavailable (it did not arrive), payment.outcome_unknown (retry both with the same key)
 */
export async function settledAnswer<Answer>(
  ask: () => Promise<Answer>,
  find: () => Promise<Answer | null>,
  done: (found: Answer) => boolean,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GatewayUnreachable) return fail('payment.gateway_unavailable', error.message);
    if (!(error instanceof GatewayOutcomeUnknown)) throw error;
    const found = await find().catch(() => null);
    if (found !== null && done(found)) return found;
    return fail('payment.outcome_unknown', error.message);
  }
}

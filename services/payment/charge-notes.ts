import { cardNetworks } from '../../domain/dunning/retry-attempt.ts';
import type { ChargeIntent } from '../../domain/dunning/retry-attempt.ts';
import { idempotencyKeys } from '../../domain/idempotency.ts';
import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import type { CardFacts, Payment, PaymentAttempt } from '../../domain/payment/payment.ts';
import type { ChargeGuard } from './collect-request.ts';

/** What the guard has to know of an attempt. */
export type CardAttempt = Pick<PaymentAttempt, 'attempt' | 'collect' | 'at'> & { readonly cardKey: string };

/** Whose attempt it is, and what it charges. */
type Charged = Pick<Payment, 'orderId' | 'amount' | 'currency'>;

/**
 * Tells the guard how an attempt ended, at a checkout and without one; nothing while it is open. The guard takes it once,
 * so it may be told again: a crash may have come between the answer and its note.
 */
export async function noteCharge(
  guard: ChargeGuard,
  charged: Charged,
  attempt: PaymentAttempt | undefined,
): Promise<void> {
  const outcome = attempt === undefined ? null : resultOf(attempt);
  if (attempt?.cardKey === undefined || outcome === null) return;
  const { cardKey, declineCode, networkDeclineCode = null, networkAdviceCode = null } = attempt;
  const said = { outcome, declineCode, networkDeclineCode, networkAdviceCode };
  const intent = intentOf(charged, { ...attempt, cardKey }, attempt.card);
  if (attempt.collect?.offSession === true) await guard.noteAttempt({ key: intent.key, cardKey, ...said });
  else if (outcome !== 'not_sent') await guard.noteCustomerCharge(intent, said);
}

/** An attempt in the words of the guard. */
export function intentOf(
  { orderId, amount, currency }: Charged,
  { attempt, collect, cardKey, at }: CardAttempt,
  card: CardFacts | undefined,
): ChargeIntent {
  return {
    key: idempotencyKeys.charge(orderId, attempt),
    cardKey,
    merchant: legalEntityAt(at).id,
    ...{ amount, currency },
    network: cardNetworks.find((one) => one === card?.network) ?? null,
    issuerCountry: card?.issuerCountry ?? null,
    initiator: collect?.offSession === true ? 'automatic' : 'customer',
    at,
  };
}

/** null: not over yet. */
function resultOf({ status }: PaymentAttempt): 'approved' | 'declined' | 'not_sent' | null {
  if (status === 'captured') return 'approved';
  if (status === 'declined') return 'declined';
  return status === 'unavailable' ? 'not_sent' : null;
}

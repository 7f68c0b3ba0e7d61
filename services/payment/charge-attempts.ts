import { fail } from '../../domain/failures.ts';
import { idempotencyKeys } from '../../domain/idempotency.ts';
import type { Money } from '../../domain/money/money.ts';
import { declineClassOf } from '../../domain/payment/decline-codes.ts';
import type { PaymentOutcome } from '../../domain/payment/payment-outcome.ts';
import type { PaymentAttempt, PaymentStatus } from '../../domain/payment/payment.ts';
import { assertNever } from '../../domain/state-machine.ts';
import { cardKey } from '../dunning/card-key.ts';
import { noteCharge } from './charge-notes.ts';
import type { ChargeGuard } from './collect-request.ts';
import { lookup, settledAnswer } from './gateway-calls.ts';
import { GatewayOutcomeUnknown, GatewayUnreachable } from './payment-gateway.ts';
import type { AuthorizeRequest, GatewayPayment, PaymentGateway } from './payment-gateway.ts';
import type { PaymentDocument, PaymentStore } from './payment-store.ts';

/** What one attempt asks a gateway for, beside its key. */
export type AttemptRequest = Pick<
  AuthorizeRequest,
  'method' | 'token' | 'offSession' | 'customerId' | 'networkTransactionId'
> & { readonly orderId: string; readonly amount: Money };

export type ChargeAttempts = ReturnType<typeof createChargeAttempts>;

/** One attempt at one gateway: sent, looked up, captured, its answer written down and told to the guard. */
export function createChargeAttempts({
  store,
  gatewayOf,
  returnUrl,
  guard,
}: {
  readonly store: PaymentStore;
  readonly gatewayOf: (id: string) => PaymentGateway;
  readonly returnUrl: (orderId: string) => string;
  readonly guard: ChargeGuard;
}) {
  async function capture(payment: PaymentDocument, attempt: PaymentAttempt): Promise<PaymentOutcome> {
    const { orderId, amount, currency } = payment;
    if (attempt.paymentId === null) return { kind: 'unknown' };
    const gateway = gatewayOf(attempt.gateway);
    const answer = await settledAnswer(
      () =>
        gateway.capture({
          key: effectKey('capture', orderId, attempt),
          paymentId: attempt.paymentId ?? '',
          amount: { amount, currency },
        }),
      () => gateway.lookup({ key: idempotencyKeys.charge(orderId, attempt.attempt) }),
      (found) => found.status === 'captured',
    );
    return settle(payment, attempt, answer);
  }

  /** Writes the gateway's answer down and says what it means for the order. */
  async function settle(
    payment: PaymentDocument,
    attempt: PaymentAttempt,
    answer: GatewayPayment,
  ): Promise<PaymentOutcome> {
    const { orderId } = payment;
    const settled: PaymentAttempt = { ...attempt, status: answer.status, paymentId: answer.paymentId };
    const write = (status: PaymentStatus, extra: Partial<PaymentAttempt> = {}) =>
      store.settleAttempt(orderId, { ...settled, ...extra }, status);
    const tell = (held: PaymentDocument) => noteCharge(guard, held, held.attempts[attempt.attempt - 1]);
    switch (answer.status) {
      case 'captured':
        await tell(await store.settleCapture(orderId, { ...settled, ...toldOfCard(attempt, answer) }, payment.amount));
        return { kind: 'captured', gateway: attempt.gateway };
      case 'authorized':
        await write('authorized', { riskSignals: answer.riskSignals, ...toldOfCard(attempt, answer) });
        return { kind: 'authorized', riskSignals: answer.riskSignals };
      case 'declined': {
        const declineClass = declineClassOf(answer.declineCode);
        const { declineCode, networkDeclineCode, networkAdviceCode } = answer;
        const said = { declineCode, declineClass, networkDeclineCode, networkAdviceCode };
        await tell(await write('declined', { ...said, ...toldOfCard(attempt, answer) }));
        return { kind: 'declined', declineClass, declineCode };
      }
      case 'action_required':
      case 'pending':
        await write(answer.status, { actionUrl: answer.actionUrl });
        return { kind: 'waiting', reason: answer.status };
      case 'voided':
      case 'expired':
        await write(answer.status);
        return { kind: 'ended', reason: answer.status };
      default:
        return assertNever(answer);
    }
  }

  /** Without risk signals nothing has to be decided in between: the capture follows at once, and settles the attempt. */
  function settleAuthorization(payment: PaymentDocument, attempt: PaymentAttempt, answer: GatewayPayment) {
    if (answer.status !== 'authorized' || answer.riskSignals.length > 0) return settle(payment, attempt, answer);
    return capture(payment, { ...attempt, status: 'authorized', paymentId: answer.paymentId });
  }

  /**
   * One attempt at one gateway. `unavailable`: it was surely not done, so another gateway may be asked. Only the first
   * request of a key can prove that: a repeat that does not arrive says nothing of the one before it.
   */
  async function authorizeAt(
    payment: PaymentDocument,
    attempt: PaymentAttempt,
    request: AttemptRequest,
    { repeated }: { readonly repeated: boolean },
  ): Promise<PaymentOutcome | 'unavailable'> {
    const gateway = gatewayOf(attempt.gateway);
    const key = idempotencyKeys.charge(request.orderId, attempt.attempt);
    const known = repeated ? await lookup(gateway, key) : null;
    if (known !== null) return settleAuthorization(payment, attempt, known);
    try {
      const { orderId: reference, ...charge } = request;
      const answer = await gateway.authorize({ ...charge, key, reference, returnUrl: returnUrl(reference) });
      return await settleAuthorization(payment, attempt, answer);
    } catch (error) {
      const notArrived = error instanceof GatewayUnreachable;
      if (!notArrived && !(error instanceof GatewayOutcomeUnknown)) throw error;
      const found = notArrived ? null : await lookup(gateway, key);
      if (found !== null) return settleAuthorization(payment, attempt, found);
      if (repeated || !(notArrived || error.answered))
        fail('payment.outcome_unknown', `${gateway.id} did not answer for ${key}`);
      if (!(await store.giveAttemptUp(request.orderId, attempt)))
        fail('payment.outcome_unknown', `${key} was settled by somebody else meanwhile`);
      await noteCharge(guard, payment, { ...attempt, status: 'unavailable' });
      return 'unavailable';
    }
  }

  async function lookUp(payment: PaymentDocument, attempt: PaymentAttempt): Promise<PaymentOutcome> {
    const found = await lookup(gatewayOf(attempt.gateway), idempotencyKeys.charge(payment.orderId, attempt.attempt));
    return found === null ? { kind: 'unknown' } : settle(payment, attempt, found);
  }

  /** Voids what an attempt holds, or waits for. Says `captured` when it came too late. */
  async function letGo(payment: PaymentDocument, attempt: PaymentAttempt): Promise<PaymentOutcome> {
    const { orderId } = payment;
    const known = await lookUp(payment, attempt);
    if (known.kind !== 'authorized' && known.kind !== 'waiting') return known;
    const held = (await store.require(orderId)).attempts[attempt.attempt - 1];
    if (held?.paymentId == null) return known;
    const { paymentId } = held;
    const gateway = gatewayOf(held.gateway);
    const answer = await settledAnswer(
      () => gateway.void({ key: effectKey('void', orderId, held), paymentId }),
      () => gateway.lookup({ key: idempotencyKeys.charge(orderId, held.attempt) }),
      ({ status }) => status === 'voided' || status === 'expired' || status === 'captured',
    );
    return settle(payment, held, answer);
  }

  return { send: authorizeAt, capture, lookUp, letGo };
}

/** By what a card is found again: tokens are the customer's own, and test tokens are everybody's. */
export function tokenKeyOf({ token, customerId }: Pick<AttemptRequest, 'token' | 'customerId'>): string {
  return cardKey(customerId === undefined ? token : `${customerId} ${token}`);
}

/** Attempts of a collection are many over the weeks, and each has effects of its own; a checkout captures once. */
function effectKey(effect: 'capture' | 'void', orderId: string, { attempt, collect }: PaymentAttempt): string {
  const key = idempotencyKeys[effect](orderId);
  return collect === undefined ? key : `${key}/${attempt}`;
}

/** What the gateway told of the card; the key that its charges are counted by stays the one that it began with. */
function toldOfCard(attempt: PaymentAttempt, { card }: Pick<Extract<GatewayPayment, { card: unknown }>, 'card'>) {
  const known = attempt.cardKey ?? (card?.fingerprint == null ? attempt.tokenKey : cardKey(card.fingerprint));
  return { ...(card === null ? {} : { card }), ...(known === undefined ? {} : { cardKey: known }) };
}

import type { ChargeVerdict } from '../../domain/dunning/retry-attempt.ts';
import { fail, isFailure } from '../../domain/failures.ts';
import type { PaymentOutcome } from '../../domain/payment/payment-outcome.ts';
import { overAttempts, startedAttempt } from '../../domain/payment/payment.ts';
import type { CardFacts, PaymentAttempt } from '../../domain/payment/payment.ts';
import { assertNever } from '../../domain/state-machine.ts';
import { tokenKeyOf } from './charge-attempts.ts';
import type { AttemptRequest, ChargeAttempts } from './charge-attempts.ts';
import { intentOf, noteCharge } from './charge-notes.ts';
import type { CardAttempt } from './charge-notes.ts';
import type {
  ChargeGuard,
  ChargePace,
  CollectOutcome,
  CollectRequest,
  PaymentMethod,
  Turn,
} from './collect-request.ts';
import { candidates, noCandidateCode } from './gateway-router.ts';
import type { GatewayProfile } from './payment-gateway.ts';
import type { PaymentDocument, PaymentStore } from './payment-store.ts';

type Declined = Extract<CollectOutcome, { readonly kind: 'declined' }>;
type Refused = Extract<ChargeVerdict, { readonly kind: 'refused' }>;

/** Money without a checkout: one method after the other, each asked about before, never beside a charge that is open. */
export function createPaymentCollection({
  store,
  attempts,
  profiles,
  guard,
  pace,
}: {
  readonly store: PaymentStore;
  readonly attempts: ChargeAttempts;
  readonly profiles: readonly GatewayProfile[];
  readonly guard: ChargeGuard;
  readonly pace: ChargePace;
}) {
  async function requestOf(request: CollectRequest, { method, token }: PaymentMethod) {
    const { orderId, amount, offSession, customerId } = request;
    const charge = { orderId, amount, method, token, offSession, ...(customerId === null ? {} : { customerId }) };
    const before = await store.findCharged(tokenKeyOf(charge));
    const networkTransactionId = offSession ? (before?.card?.networkTransactionId ?? null) : null;
    const told: AttemptRequest = { ...charge, ...(networkTransactionId === null ? {} : { networkTransactionId }) };
    return { charge: told, tokenKey: tokenKeyOf(charge), before };
  }

  /** The guard's word, then the turn: a request that may not or cannot leave now has left nothing behind. */
  async function admit(
    { orderId, amount, offSession }: CollectRequest,
    attempt: CardAttempt,
    card: CardFacts | undefined,
  ): Promise<{ readonly kind: 'allowed'; readonly turn: Turn } | Refused> {
    if (!offSession) return { kind: 'allowed', turn: atOnce };
    const verdict = await guard.mayCharge(intentOf({ orderId, ...amount }, attempt, card));
    return verdict.kind === 'allowed' ? { kind: 'allowed', turn: await pace.turn() } : verdict;
  }

  /** Looks up, sends again or captures what an earlier call left. null: it is over, and brought no money. */
  async function finishOpen(payment: PaymentDocument, request: CollectRequest): Promise<CollectOutcome | null> {
    const last = payment.attempts.at(-1);
    if (last === undefined) return null;
    switch (last.status) {
      case 'declined':
      case 'voided':
      case 'expired':
      case 'unavailable':
        return null;
      case 'captured':
        return { kind: 'captured', gateway: last.gateway, method: placeOf(last, request) };
      case 'started':
      case 'unknown': {
        const known = await attempts.lookUp(payment, last);
        if (known.kind !== 'unknown' || last.collect === undefined) return openOutcome(payment, last, request, known);
        // No gateway has it: the same request leaves again, whoever asks for it now.
        const { offSession } = last.collect;
        const { charge } = await requestOf({ ...request, offSession }, last.collect);
        if (offSession) await pace.turn();
        return openOutcome(payment, last, request, await attempts.send(payment, last, charge, { repeated: true }));
      }
      case 'action_required': {
        const known = await attempts.lookUp(payment, last);
        // Whoever pays anew has left the question of their bank, asked in an earlier round, unanswered.
        const left = known.kind === 'waiting' && known.reason === 'action_required' && !ofRound(last, request.round);
        return openOutcome(payment, last, request, left ? await attempts.letGo(payment, last) : known);
      }
      case 'authorized':
      case 'pending':
        return openOutcome(payment, last, request, await attempts.lookUp(payment, last));
      default:
        return assertNever(last.status);
    }
  }

  /** What an answer means for the collection: an authorisation is captured, whatever signals came with it. */
  async function openOutcome(
    payment: PaymentDocument,
    attempt: PaymentAttempt,
    request: CollectRequest,
    answer: PaymentOutcome | 'unavailable',
  ): Promise<CollectOutcome | null> {
    if (answer === 'unavailable') return null;
    switch (answer.kind) {
      case 'captured':
        return { ...answer, method: placeOf(attempt, request) };
      case 'authorized': {
        // Who pays for a subscription was screened when it began.
        const held = (await store.require(payment.orderId)).attempts[attempt.attempt - 1] ?? attempt;
        const captured = await attempts.capture(payment, held);
        return captured.kind === 'authorized' ? { kind: 'unknown' } : openOutcome(payment, held, request, captured);
      }
      case 'waiting':
      case 'unknown':
        return answer;
      case 'declined':
      case 'ended':
        return null;
      default:
        return assertNever(answer);
    }
  }

  /** One method in this round, at one gateway after the other. null: no gateway takes it. */
  async function chargeMethod(request: CollectRequest, method: PaymentMethod): Promise<CollectOutcome | null> {
    const { orderId, amount, at, round, offSession } = request;
    const { charge, tokenKey, before } = await requestOf(request, method);
    const ranked = candidates(profiles, { method: method.method, ...amount, at });
    let payment = await store.require(orderId);
    const mine = () => payment.attempts.filter((one) => ofRound(one, round) && one.tokenKey === tokenKey);
    const reached = new Set<string>();
    for (;;) {
      const declined = mine().filter(({ status }) => status === 'declined');
      const last = declined.at(-1);
      // A technical decline says nothing about the card: another gateway may approve it.
      if (last !== undefined && last.declineClass !== 'soft_technical') return declinedOf(last);
      const next = ranked.find(({ id }) => !reached.has(id) && !declined.some(({ gateway }) => gateway === id));
      if (next === undefined) return last !== undefined ? declinedOf(last) : ranked.length > 0 ? unavailable : null;
      // Somebody else has begun to charge since we looked: then nobody else may.
      const latest = payment.attempts.at(-1);
      if (latest !== undefined && !overAttempts.includes(latest.status)) return { kind: 'unknown' };
      reached.add(next.id);
      const collect = { round, offSession, ...method };
      const begun = startedAttempt(payment.attempts.length + 1, next.id, at, { tokenKey, collect });
      const attempt = { ...begun, cardKey: before?.cardKey ?? tokenKey };
      const admitted = await admit(request, attempt, before?.card);
      if (admitted.kind === 'refused') return last === undefined ? admitted : declinedOf(last);
      // A worker that was thought dead may still be at it: then this call goes back to looking before it asks.
      const started = await store.startAttempt(orderId, attempt);
      if (started === null) return { kind: 'unknown' };
      await admitted.turn.confirm();
      const answer = await attempts.send(started, attempt, charge, { repeated: false });
      const outcome = await openOutcome(started, attempt, request, answer);
      if (outcome !== null) return outcome;
      payment = await store.require(orderId);
    }
  }

  async function collectDue(request: CollectRequest): Promise<CollectOutcome> {
    const { orderId, amount, methods, at } = request;
    const { payment } = await store.open(orderId, amount, null);
    // A crash may have come between the last answer and its note.
    await noteCharge(guard, payment, payment.attempts.at(-1));
    const open = await finishOpen(payment, request);
    if (open !== null) return open;
    let declined: Declined | null = null;
    let refused: Refused | null = null;
    let away = false;
    for (const method of methods) {
      const outcome = await chargeMethod(request, method);
      if (outcome?.kind === 'declined') declined = outcome;
      else if (outcome?.kind === 'refused') refused ??= outcome;
      // That our partners are away is no reason to charge the customer's other card.
      else if (outcome?.kind === 'unavailable') away = true;
      else if (outcome !== null) return outcome;
      if (away) break;
    }
    if (away && declined === null) return unavailable;
    const [first] = methods;
    return (
      declined ??
      refused ??
      fail(noCandidateCode(profiles, { method: first?.method ?? '', ...amount, at }), `nothing can charge ${orderId}`)
    );
  }

  return {
    /**
     * Collects what an order costs. Asked again in the same round it answers what that came to; a new round charges anew
     * after a decline. Never beside a charge that is open or unknown, whichever round that began in.
     * @throws payment.no_gateway, payment.amount_out_of_range when no gateway takes any of the methods,
     * payment.idempotency_conflict when the order has a payment of another amount, payment.pace_exceeded (later)
     */
    async collect(request: CollectRequest): Promise<CollectOutcome> {
      if (request.amount.amount === 0) return { kind: 'captured', gateway: 'none', method: 0 };
      try {
        return await collectDue(request);
      } catch (error) {
        if (isFailure(error, 'payment.outcome_unknown')) return { kind: 'unknown' };
        // Where a capture could not be sent, the authorisation is held: the next call goes on with it.
        if (isFailure(error, 'payment.gateway_unavailable')) return unavailable;
        throw error;
      }
    },
  };
}

const unavailable = { kind: 'unavailable' } as const;

/** The customer waits, so nobody else is let go first. */
const atOnce: Turn = { confirm: () => Promise.resolve() };

const ofRound = ({ collect }: PaymentAttempt, round: string): boolean => collect?.round === round;

/** Which of the methods an attempt charged; the first where it was another one that is no longer on the list. */
function placeOf({ collect }: PaymentAttempt, { methods }: CollectRequest): number {
  return Math.max(
    0,
    methods.findIndex(({ method, token }) => method === collect?.method && token === collect.token),
  );
}

function declinedOf(attempt: PaymentAttempt): Declined {
  return {
    kind: 'declined',
    declineClass: attempt.declineClass ?? 'vague',
    declineCode: attempt.declineCode ?? '',
    networkDeclineCode: attempt.networkDeclineCode ?? null,
    networkAdviceCode: attempt.networkAdviceCode ?? null,
    cardKey: attempt.cardKey ?? null,
  };
}

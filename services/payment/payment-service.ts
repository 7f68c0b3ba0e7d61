import { fail } from '../../domain/failures.ts';
import type { FailureCode } from '../../domain/failures.ts';
import type { Money } from '../../domain/money/money.ts';
import type { PaymentOutcome } from '../../domain/payment/payment-outcome.ts';
import { startedAttempt } from '../../domain/payment/payment.ts';
import type { Payment, PaymentAttempt } from '../../domain/payment/payment.ts';
import { assertNever } from '../../domain/state-machine.ts';
import { createChargeAttempts, tokenKeyOf } from './charge-attempts.ts';
import { noteCharge } from './charge-notes.ts';
import type { ChargeGuard, ChargePace } from './collect-request.ts';
import { candidates, leastChargeable, noCandidateCode } from './gateway-router.ts';
import { createPaymentCollection } from './payment-collection.ts';
import type { GatewayProfile, PaymentGateway } from './payment-gateway.ts';
import { createPaymentRefunds } from './payment-refunds.ts';
import type { PaymentDocument, PaymentStore } from './payment-store.ts';

export interface ChargeRequest {
  readonly orderId: string;
  readonly amount: Money;
  readonly method: string;
  readonly token: string;
  /** Our id of the customer, for the provider's own checks; absent: not told. */
  readonly customerId?: string;
  readonly at: string;
}

export interface PaymentServiceDeps {
  readonly store: PaymentStore;
  readonly gateways: Readonly<Record<string, PaymentGateway>>;
  readonly profiles: readonly GatewayProfile[];
  readonly returnUrl: (orderId: string) => string;
  readonly chargeGuard: ChargeGuard;
  readonly chargePace: ChargePace;
}

export type PaymentService = ReturnType<typeof createPaymentService>;

/**
 * Takes, voids and gives back the money of one order. Each step records its intent, acts with a key made of business
 * ids, and settles what came of it, so that any of them may be repeated after a crash.
 */
export function createPaymentService({
  store,
  gateways,
  profiles,
  returnUrl,
  chargeGuard: guard,
  chargePace: pace,
}: PaymentServiceDeps) {
  const gatewayOf = (id: string): PaymentGateway =>
    gateways[id] ?? fail('payment.no_gateway', `there is no gateway "${id}"`);
  const attempts = createChargeAttempts({ store, gatewayOf, returnUrl, guard });
  const { capture, lookUp } = attempts;

  /** What the last attempt still needs; null when a new attempt may start. */
  async function resume(payment: PaymentDocument, request: ChargeRequest): Promise<PaymentOutcome | null> {
    const last = payment.attempts.at(-1);
    if (last === undefined) return null;
    // A crash may have come between its answer and its note.
    await noteCharge(guard, payment, last);
    switch (last.status) {
      case 'captured':
        return { kind: 'captured', gateway: last.gateway };
      case 'authorized':
        return { kind: 'authorized', riskSignals: last.riskSignals };
      case 'started':
      case 'unknown': {
        const outcome = await attempts.send(payment, last, request, { repeated: true });
        return outcome === 'unavailable' ? null : outcome;
      }
      case 'action_required':
      case 'pending':
        return lookUp(payment, last);
      case 'declined':
        return { kind: 'declined', declineClass: last.declineClass ?? 'vague', declineCode: last.declineCode ?? '' };
      case 'voided':
      case 'expired':
        return { kind: 'ended', reason: last.status };
      case 'unavailable':
        return null;
      default:
        return assertNever(last.status);
    }
  }

  /** The first request of an attempt; null when it surely did not arrive. */
  async function attemptOnce(
    payment: PaymentDocument,
    attempt: PaymentAttempt,
    request: ChargeRequest,
  ): Promise<PaymentOutcome | null> {
    const answer = await attempts.send(payment, attempt, request, { repeated: false });
    return answer === 'unavailable' ? null : answer;
  }

  /** Authorises at the best gateway, the next one after a technical failure; resumes what an earlier call left. */
  async function authorize(request: ChargeRequest): Promise<PaymentOutcome> {
    const { orderId, amount, method, at } = request;
    const sale = { method, ...amount, at };
    const ranked = candidates(profiles, sale);
    const [best] = ranked;
    const charged = { tokenKey: tokenKeyOf(request) };
    const first = best === undefined ? null : startedAttempt(1, best.id, at, charged);
    const { payment: opened, created } = await store.open(orderId, amount, first);
    const isNew = created && first !== null;
    let outcome = isNew ? await attemptOnce(opened, first, request) : await resume(opened, request);
    // Resuming may have settled the last attempt.
    let payment = created ? opened : await store.require(orderId);
    // A gateway that could not be reached in an earlier call may be reached now; one that declined stays out.
    const out = payment.attempts.filter(({ status }) => isNew || status === 'declined');
    const tried = new Set(out.map(({ gateway }) => gateway));
    // A technical decline says nothing about the card: another gateway may approve it.
    while (outcome === null || (outcome.kind === 'declined' && outcome.declineClass === 'soft_technical')) {
      const next = ranked.find(({ id }) => !tried.has(id));
      if (next === undefined) {
        if (outcome !== null) return outcome;
        return nothingLeft(payment, ranked.length, noCandidateCode(profiles, sale));
      }
      tried.add(next.id);
      const attempt = startedAttempt(payment.attempts.length + 1, next.id, at, charged);
      // A worker that was thought dead may still be at it: then this call goes back to looking before it asks.
      const started = await store.startAttempt(orderId, attempt);
      payment =
        started ?? fail('payment.outcome_unknown', `attempt ${attempt.attempt} of ${orderId} is under way elsewhere`);
      outcome = await attemptOnce(payment, attempt, request);
    }
    return outcome;
  }

  /** Captures what is authorised. Without `force`, risk signals stop it: a rule or a person decides first. */
  async function captureAuthorized(orderId: string, outcome: PaymentOutcome, force: boolean): Promise<PaymentOutcome> {
    if (outcome.kind !== 'authorized' || (outcome.riskSignals.length > 0 && !force)) return outcome;
    const payment = await store.require(orderId);
    const attempt = payment.attempts.at(-1);
    return attempt === undefined ? { kind: 'unknown' } : capture(payment, attempt);
  }

  return {
    /**
     * Authorises and, when the gateway raised no risk signals, captures at once: nothing has to be decided in between.
     * Called again it resumes: it looks an open attempt up and never starts a second charge while one may have happened.
     * @throws payment.outcome_unknown, payment.gateway_unavailable (retry with the same key), payment.no_gateway,
     * payment.amount_out_of_range
     */
    async take(request: ChargeRequest): Promise<PaymentOutcome> {
      if (request.amount.amount === 0) return { kind: 'captured', gateway: nothingToPay };
      return captureAuthorized(request.orderId, await authorize(request), false);
    },

    /** Captures an authorised payment although there were risk signals: somebody approved it. */
    async capture(orderId: string): Promise<PaymentOutcome> {
      const payment = await store.require(orderId);
      const last = payment.attempts.at(-1);
      await noteCharge(guard, payment, last);
      if (last?.status === 'captured') return { kind: 'captured', gateway: last.gateway };
      const known: PaymentOutcome = last === undefined ? { kind: 'unknown' } : await lookUp(payment, last);
      return captureAuthorized(orderId, known, true);
    },

    /** Only asks, never acts: for polling an unknown outcome. */
    async lookup(orderId: string): Promise<PaymentOutcome> {
      const payment = await store.require(orderId);
      const last = payment.attempts.at(-1);
      return last === undefined ? { kind: 'unknown' } : lookUp(payment, last);
    },

    /**
     * Lets go of whatever was authorised; a no-op when nothing was. Says `captured` when it came too late.
     * @throws payment.outcome_unknown, payment.gateway_unavailable (retry with the same key)
     */
    async void(orderId: string): Promise<PaymentOutcome> {
      const payment = await store.find(orderId);
      const last = payment?.attempts.at(-1);
      // Every attempt before the last was declined or never arrived: only the last can hold anything.
      if (payment === null || last === undefined || last.status === 'unavailable')
        return { kind: 'ended', reason: 'voided' };
      return attempts.letGo(payment, last);
    },

    ...createPaymentCollection({ store, attempts, profiles, guard, pace }),
    ...createPaymentRefunds({ store, gatewayOf }),

    /** What has to be left to charge for any provider to take it, minor units. */
    leastCharge: leastChargeable(profiles),

    find: (orderId: string): Promise<Payment | null> => store.find(orderId),

    findByGatewayPayment: (gateway: string, paymentId: string): Promise<Payment | null> =>
      store.findByGatewayPayment(gateway, paymentId),
  };
}

/** Stands where a gateway would, for an order that costs nothing. */
const nothingToPay = 'none';

function nothingLeft(payment: PaymentDocument, ranked: number, code: FailureCode): never {
  if (ranked === 0) return fail(code, `no gateway takes this amount of ${payment.currency} this way`);
  return fail(
    'payment.gateway_unavailable',
    `none of ${ranked} gateways could be reached for order ${payment.orderId}`,
  );
}

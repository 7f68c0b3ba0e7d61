import { fail, isFailure } from '../../domain/failures.ts';
import type { Failure } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import { sum } from '../../domain/money/money.ts';
import type { OrderRefund } from '../../domain/order/order.ts';
import type { Refund, RefundPart } from '../../domain/refund/refund.ts';
import { isReserved, takenMoney } from '../../domain/refund/taken-parts.ts';
import type { InvoiceService } from '../invoice/invoice-service.ts';
import type { OrderDocument, OrderStore } from '../order/order-store.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import { canonicalHash } from '../store/canonical-hash.ts';
import { askedParts } from './refund-ask.ts';
import { refundRequestSchema } from './refund-request.ts';
import type { ReadRefundRequest, RefundRequest } from './refund-request.ts';
import type { RefundMoment } from './refund-steps.ts';
import type { RefundDocument, RefundStore } from './refund-store.ts';

export interface RefundIntakeDeps {
  readonly store: RefundStore;
  readonly orders: Pick<OrderStore, 'find' | 'changeRefunds'>;
  readonly payments: Pick<PaymentService, 'find'>;
  readonly invoices: Pick<InvoiceService, 'findByFact' | 'getInvoice'>;
}

export type RefundIntake = ReturnType<typeof createRefundIntake>;

/** Writes requests down and reserves what they take, so that all refunds of an order together never exceed it. */
export function createRefundIntake({ store, orders, payments, invoices }: RefundIntakeDeps) {
  async function orderOf({ order, invoice }: ReadRefundRequest): Promise<OrderDocument> {
    if ((order === undefined) === (invoice === undefined))
      return fail('request.invalid', 'order: name either the order or the invoice', [
        { path: 'order', message: 'name either the order or the invoice' },
      ]);
    const orderId = order ?? (await invoices.getInvoice(invoice ?? '')).orderId;
    return (await orders.find(orderId)) ?? fail('order.not_found', `There is no order ${orderId}`);
  }

  /**
   * Reserves what the request takes of what is left now, or answers what it has reserved before.
   * @throws refund.exceeds, refund.nothing_left, refund.order_disputed, refund.line_unknown, …: nothing is reserved then
   */
  async function reserve(refund: RefundDocument): Promise<OrderRefund> {
    const captured = (await payments.find(refund.orderId))?.captured ?? 0;
    const order = await orders.changeRefunds(refund.orderId, (order) => {
      const known = order.refunds.find(({ id }) => id === refund.id);
      if (known !== undefined && isReserved(known)) return order.refunds;
      const entry = reservation(order, refund, captured);
      return [...order.refunds.filter(({ id }) => id !== refund.id), entry];
    });
    return order.refunds.find(({ id }) => id === refund.id) ?? fail('refund.state_conflict', `${refund.id} is lost`);
  }

  /** Frees what the refund has reserved; a no-op when it holds nothing, or has gone back. */
  async function release(orderId: string, refundId: string, status: 'cancelled' | 'failed'): Promise<void> {
    await orders.changeRefunds(orderId, ({ refunds }) =>
      refunds.some(({ id, status: now }) => id === refundId && now === 'pending')
        ? refunds.map((entry) => (entry.id === refundId ? { ...entry, status } : entry))
        : refunds,
    );
  }

  /** Keeps these parts of what is reserved and frees the rest; null: all of it stays. */
  async function cut(
    { id, orderId, outcome }: RefundDocument,
    parts: readonly RefundPart[] | null,
  ): Promise<Pick<Refund, 'amount' | 'parts' | 'toCredit'> | null> {
    if (parts === null) return null;
    const amount = sum(parts.map(({ gross }) => gross));
    const order = await orders.changeRefunds(orderId, ({ refunds }) =>
      refunds.map((entry) => {
        if (entry.id !== id) return entry;
        // What is cut was never to be more than was reserved; store credit is cut last.
        const money = outcome === 'store_credit' ? 0 : Math.min(amount, entry.amount - (entry.toCredit ?? 0));
        return { ...entry, parts, amount, lines: parts.map(({ line }) => line), toCredit: amount - money };
      }),
    );
    const { toCredit = 0 } = order.refunds.find((entry) => entry.id === id) ?? {};
    return { amount, parts, toCredit };
  }

  /** Reserves, and has the record know what. */
  async function hold(refund: RefundDocument, at: string): Promise<RefundDocument> {
    return adopt(refund, await reserve(refund), at);
  }

  /** The record knows what the order has reserved for it. */
  async function adopt(refund: RefundDocument, { amount, parts = [], toCredit = 0 }: OrderRefund, at: string) {
    if (refund.amount === amount && refund.parts.length > 0) return refund;
    const changed = await store.change(refund, { event: 'reserved', at, set: { amount, parts, toCredit } });
    return changed ?? store.require(refund.id);
  }

  /** What can be told before anything is written down; the reservation decides in the end. */
  async function admitted(request: ReadRefundRequest, moment: RefundMoment): Promise<RefundDocument> {
    const order = await orderOf(request);
    // A credit note corrects an invoice: what was never sold cannot be given back.
    if ((await invoices.findByFact(facts.sale(order.id))) === null)
      return fail('refund.order_not_paid', `order ${order.id} is not paid`, [
        { path: 'order', message: 'is not paid' },
      ]);
    if (order.disputed) return refuseDisputed(order.id);
    askedParts(order, request, moment.at);
    return newRefund(request, order, moment);
  }

  /** Somebody else took what was left: the record says so, and needs no workflow. */
  async function refuseUnreserved(refund: RefundDocument, { code }: Failure, at: string): Promise<void> {
    const set = { statusReason: code, startedAt: at };
    await store.change(refund, { event: 'refused', at, note: code, status: 'refused', set });
  }

  return {
    reserve,
    hold,
    release,
    cut,
    refuseUnreserved,

    /** What the request would take now, minor units; nothing is written. @throws as `requestRefund` */
    async preview(request: RefundRequest, moment: RefundMoment): Promise<Pick<Refund, 'currency' | 'amount'>> {
      const read = readRequest(request);
      const { currency } = await admitted(read, moment);
      return { currency, amount: sum(askedParts(await orderOf(read), read, moment.at).map(({ gross }) => gross)) };
    },

    /**
     * Writes the refund down and reserves its amount on the order; its workflow is started by the caller
     * (workflows/refund/refund-start.contract.ts), else by the sweep. The same id and request again is the same refund.
     * @throws order.not_found, invoice.not_found, refund.line_unknown, refund.currency_mismatch, refund.order_not_paid,
     * refund.order_disputed, refund.exceeds, refund.nothing_left, request.invalid, idempotency.conflict: nothing is
     * reserved then
     */
    async requestRefund(request: RefundRequest, moment: RefundMoment): Promise<RefundDocument> {
      const { refundId, at } = moment;
      const read = readRequest(request);
      const known = await store.find(refundId);
      if (known !== null && known.requestHash !== canonicalHash(read))
        return fail('idempotency.conflict', `Refund ${refundId} exists with other content`);
      const refund = known ?? (await store.insert(await admitted(read, moment)));
      if (refund.status === 'refused' && refund.amount === 0) return fail('refund.exceeds');
      if (refund.status !== 'requested') return refund;
      try {
        return await hold(refund, at);
      } catch (error) {
        if (isFailure(error) && !error.definition.retryable) await refuseUnreserved(refund, error, at);
        throw error;
      }
    },
  };
}

/** @throws request.invalid naming the path */
function readRequest(request: RefundRequest): ReadRefundRequest {
  const read = refundRequestSchema.safeParse(request);
  if (read.success) return read.data;
  const problems = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  return fail('request.invalid', problems[0]?.message, problems);
}

function refuseDisputed(orderId: string): never {
  return fail('refund.order_disputed', `the payment of order ${orderId} is disputed`);
}

/** What the request takes, in the order's own terms. Store credit takes what no money is left for. */
function reservation(
  order: OrderDocument,
  { id, request, reason, outcome, cause, requestedAt }: RefundDocument,
  captured: number,
): OrderRefund {
  if (order.disputed) refuseDisputed(order.id);
  const asked = askedParts(order, request, requestedAt);
  // A gift takes no unit back, and neither does tax.
  const parts = cause === 'goodwill' || cause === 'tax' ? asked.map((part) => ({ ...part, quantity: 0 })) : asked;
  refuseTaxOnItsWay(order, parts, id);
  const amount = sum(parts.map(({ gross }) => gross));
  const money = outcome === 'store_credit' ? 0 : Math.min(amount, Math.max(0, captured - takenMoney(order)));
  return {
    id,
    lines: parts.map(({ line }) => line),
    amount,
    reason,
    status: 'pending',
    creditNote: null,
    parts,
    toCredit: amount - money,
  };
}

/** Tax alone takes what tax is left: until that is credited nothing else of the line can be split. */
function refuseTaxOnItsWay({ refunds }: OrderDocument, parts: readonly RefundPart[], refundId: string): void {
  const line = refunds
    .filter(
      ({ id, status, reason }) => id !== refundId && status === 'pending' && reason === 'business_tax_id_confirmed',
    )
    .flatMap(({ lines }) => lines)
    .find((one) => parts.some((part) => part.line === one));
  if (line !== undefined) fail('refund.exceeds', `the tax of line ${line} is on its way back; ask again afterwards`);
}

function newRefund(request: ReadRefundRequest, order: OrderDocument, { refundId, at }: RefundMoment): RefundDocument {
  const noParts: readonly RefundPart[] = [];
  return {
    ...{ _id: refundId, id: refundId, orderId: order.id, currency: order.currency },
    ...{ amount: 0, parts: noParts, toCredit: 0, revision: 1 },
    ...{ request, requestHash: canonicalHash(request) },
    outcome: request.outcome,
    creditHolder: request.creditHolder ?? `customer/${order.customer.id ?? order.emailHash}`,
    cause: request.cause,
    requestedBy: request.requestedBy,
    reason: request.reason,
    status: 'requested',
    ...{ statusReason: null, judgement: null, approvalsNeeded: 0, votes: [] },
    ...{ escalateAt: null, escalatedAt: null, decideBy: null, appealUntil: null, appeal: null },
    ...{ otherwise: null, creditNote: null, settledAt: null, watchUntil: null, returnedAt: null },
    requestedAt: at,
    startedAt: null,
    timeline: [{ at, event: 'requested', note: null }],
  };
}

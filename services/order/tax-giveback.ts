import { fail } from '../../domain/failures.ts';
import { idempotencyKeys } from '../../domain/idempotency.ts';
import { creditTaxOfLines } from '../../domain/invoice/credited-line.ts';
import type { CreditedLine } from '../../domain/invoice/credited-line.ts';
import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import { formatMoney, sum } from '../../domain/money/money.ts';
import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { Order } from '../../domain/order/order.ts';
import { parseBusinessTaxId } from '../../domain/tax/business-tax-id.ts';
import { confirmationSchedule } from '../../domain/tax/data/business-tax-id-policy.ts';
import { rowOn } from '../../domain/tax/dated-row.ts';
import type { TaxRequest } from '../../domain/tax/tax-request.ts';
import type { RefundAnswer } from '../payment/payment-refunds.ts';
import type { TaxService } from '../tax/tax-service.ts';
import { createRefundBooking } from './refund-booking.ts';
import type { RefundDeps } from './refund-booking.ts';

/** Whether tax hangs on the register's answer, and when to ask it again. */
export type TaxConfirmationPlan =
  | {
      readonly kind: 'due';
      /** What would go back, for the person who looks at the workflow: "10.78 EUR". */
      readonly tax: string;
      readonly currency: string;
      /** ISO 8601 UTC, rising; after the last the tax stays. */
      readonly askAt: readonly string[];
    }
  | { readonly kind: 'nothing_at_stake' };

export interface TaxGivebackDeps extends RefundDeps {
  readonly taxes: Pick<TaxService, 'computeTax'>;
}

const refundId = idempotencyKeys.taxRefund;

/**
 * The tax that an order was charged because the register of business tax ids did not answer (docs/adr/0011): what a
 * confirmed id would have spared the customer, by the law and the amounts of the sale. Nothing is read from today's
 * catalogue.
 */
export function createTaxGiveback(deps: TaxGivebackDeps) {
  const { store, taxes, record } = deps;
  const booking = createRefundBooking(deps);

  /** The lines that a confirmed id frees from tax, with the tax that is left on each of them. */
  async function freed(order: Order): Promise<readonly CreditedLine[]> {
    const confirmed = await taxes.computeTax(withConfirmedId(order));
    const leaving = linesOnTheirWayBack(order);
    const lines = confirmed.lines.filter(({ taxes, line }) => taxes.length === 0 && !leaving.includes(line));
    const credited = await booking.creditedBefore(order.id, refundId);
    return creditTaxOfLines(
      pricedQuote(order),
      lines.map(({ line }) => line),
      credited,
    );
  }

  return {
    /** Decides whether the register is to be asked again, and notes on the order that it is. Repeatable. */
    async openTaxConfirmation(orderId: string, at: string): Promise<TaxConfirmationPlan> {
      const order = await store.require(orderId);
      const { businessTaxIdStatus, customer, currency } = order;
      if (businessTaxIdStatus !== 'unavailable' || customer.type !== 'business') return { kind: 'nothing_at_stake' };
      const amount = grossOf(await freed(order));
      if (amount === 0) return { kind: 'nothing_at_stake' };
      await record({ orderId, event: 'tax_confirmation_started', at });
      return { kind: 'due', tax: formatMoney({ amount, currency }), currency, askAt: askTimes(order.createdAt, at) };
    },

    /** What of each line a confirmed id gives back now, minor units: for the refund that takes it. */
    async freedTax(orderId: string): Promise<readonly { readonly line: string; readonly amount: number }[]> {
      const lines = await freed(await store.require(orderId));
      return lines.map(({ line, gross }) => ({ line, amount: gross }));
    },

    /**
     * Gives the tax back at the gateway that took it. Repeat it while it answers `pending`. `nothing_left`: the order was
     * refunded meanwhile.
     * @throws payment.refund_exceeds, and payment.* to be called again
     */
    async giveTaxBack(orderId: string): Promise<RefundAnswer | 'nothing_left'> {
      const order = await store.require(orderId);
      const intent = order.refunds.find(({ id }) => id === refundId);
      if (intent !== undefined) return booking.giveBack(order, intent);
      const lines = await freed(order);
      if (lines.length === 0) return 'nothing_left';
      return booking.giveBack(order, {
        id: refundId,
        lines: lines.map(({ line }) => line),
        amount: grossOf(lines),
        reason: 'business_tax_id_confirmed',
        status: 'pending',
        creditNote: null,
      });
    },

    /**
     * Credit note, journal entry, refund record, event and message of tax that went back. Repeatable.
     * @throws order.state_conflict when other money of the order was credited between the refund and this
     */
    async recordTaxGivenBack(orderId: string, at: string): Promise<void> {
      const order = await store.require(orderId);
      const refund = order.refunds.find(({ id }) => id === refundId);
      const paid = refund ?? fail('order.state_conflict', `no tax went back for order ${orderId}`);
      const credited = await booking.creditedBefore(orderId, refundId);
      const lines = creditTaxOfLines(pricedQuote(order), paid.lines, credited);
      if (grossOf(lines) !== paid.amount)
        fail(
          'order.state_conflict',
          `${paid.amount} of tax went back, ${grossOf(lines)} is left to credit: ${orderId}`,
        );
      const reason = 'business_tax_id_confirmed';
      await booking.settle(order, { id: refundId, lines, reason }, { reason, at });
      await record({ orderId, event: 'tax_given_back', at });
    },

    /** The gateway could not give the tax back. */
    async recordTaxRefundFailed(orderId: string, reason: string, at: string): Promise<void> {
      await booking.noteFailed(orderId, refundId);
      await record({ orderId, event: 'tax_refund_failed', note: reason, at });
    },
  };
}

/**
 * The sale as it was, but for the id. The place of supply stays the one of the sale; the id only joins its evidence,
 * because a confirmed id of another tax union shifts nothing.
 */
function withConfirmedId(order: Order): TaxRequest {
  const { customer, currency, createdAt } = order;
  const { placeOfSupply, lines } = pricedQuote(order);
  const id = parseBusinessTaxId({ country: customer.country, businessTaxId: customer.businessTaxId ?? '' });
  const evidence = id === 'malformed' ? [] : [{ kind: 'business_tax_id' as const, country: id.country }];
  return {
    currency,
    at: createdAt,
    place: { ...placeOfSupply, evidence: [...placeOfSupply.evidence, ...evidence] },
    customerType: customer.type,
    businessTaxIdStatus: id === 'malformed' ? 'malformed' : 'confirmed',
    legalEntity: legalEntityAt(createdAt).id,
    sellerCountry: legalEntityAt(createdAt).country,
    lines: lines.map(({ line, taxClass, taxBehavior, list, discount }) => {
      return { line, taxClass, taxBehavior, amount: list - discount };
    }),
  };
}

/** Lines with a refund that the gateway has not settled: not credited yet, and maybe soon. */
function linesOnTheirWayBack({ refunds }: Order): readonly string[] {
  return refunds.filter(({ id, status }) => id !== refundId && status === 'pending').flatMap(({ lines }) => lines);
}

/** By the policy of the day of the sale, counted from the moment at which the waiting begins. */
function askTimes(soldAt: string, from: string): readonly string[] {
  const row = rowOn(confirmationSchedule, soldAt.slice(0, 10)) ?? fail('tax.data_missing', 'no confirmation schedule');
  return row.askAgainAfterHours.map((hours) => new Date(Date.parse(from) + hours * 3_600_000).toISOString());
}

function grossOf(lines: readonly CreditedLine[]): number {
  return sum(lines.map(({ gross }) => gross));
}

import type { Db } from 'mongodb';
import type { Recurrence } from '../../../domain/catalog/catalog.ts';
import { creditPartOfLine, creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import type { CreditedLine } from '../../../domain/invoice/credited-line.ts';
import { facts } from '../../../domain/idempotency.ts';
import { refundEntry, saleEntry } from '../../../domain/ledger/order-entries.ts';
import type { OrderLine, Quote } from '../../../domain/order/order.ts';
import { createLedgerService } from '../../../services/ledger/ledger-service.ts';
import { createRecognitionRun } from '../../../services/revenue/recognition-run.ts';
import { createRecognitionScheduleStore } from '../../../services/revenue/recognition-schedule-store.ts';
import { createRevenueReport } from '../../../services/revenue/revenue-report.ts';
import { createRevenueService } from '../../../services/revenue/revenue-service.ts';
import { sampleLine, sampleQuote } from '../../domain/invoice/sample-order.ts';

export const yearly: Recurrence = { interval: 'year', count: 1, usage: 'licensed', meter: null };
export const monthly: Recurrence = { ...yearly, interval: 'month' };

/** SaaS without tax, paid a year ahead unless said otherwise: "1", "2", … of these nets. */
export function subscriptionQuote(
  nets: readonly number[],
  change: Partial<OrderLine> & { readonly currency?: string } = {},
): Quote {
  const { currency = 'EUR', ...line } = change;
  const lines = nets.map((net, index) => ({
    ...sampleLine({ line: `${index + 1}`, name: 'Team Board', net, taxes: [] }),
    recurring: yearly,
    ...line,
  }));
  return sampleQuote(lines, { currency });
}

export type RevenueUnderTest = ReturnType<typeof openRevenue>;

/** Revenue and ledger on a real database, and the steps of an order that concern them. */
export function openRevenue(db: Db) {
  const store = createRecognitionScheduleStore(db);
  const ledger = createLedgerService({ db });
  const revenue = createRevenueService({ store, ledger });
  const run = createRecognitionRun({ store, ledger });
  const report = createRevenueReport({ store, ledger });
  const credited = new Map<string, CreditedLine[]>();

  async function giveBack(
    order: { readonly orderId: string; readonly quote: Quote },
    lines: readonly CreditedLine[],
    at: string,
  ): Promise<void> {
    const { orderId, quote } = order;
    const earlier = credited.get(orderId) ?? [];
    credited.set(orderId, [...earlier, ...lines]);
    const refundId = `r${earlier.length + 1}`;
    const fact = facts.refund(orderId, refundId);
    const sale = await ledger.find(facts.sale(orderId));
    if (sale === null) throw new Error(`${orderId} is not sold`);
    await ledger.post(refundEntry({ orderId, refundId, quote, sale, lines, earlier, gateway: 'acme', at }));
    await revenue.credit({ orderId, quote, fact, cause: 'refund', lines, at });
  }

  return {
    ...{ store, ledger, revenue, run, report },

    async sell(orderId: string, quote: Quote, at: string, fee = 0): Promise<{ orderId: string; quote: Quote }> {
      const payment = { gateway: 'acme', captured: quote.gross, fee };
      await ledger.post(saleEntry({ orderId, quote, payment, at }));
      await revenue.open({ orderId, quote });
      return { orderId, quote };
    },

    /** Every page of a run; null is the day before `at`. */
    async runFor(day: string | null, at: string, limit = 3) {
      let after: string | null = null;
      const pages = [];
      do {
        const page = await run.postPage({ day, at, after, limit });
        pages.push(page);
        after = page.next;
      } while (after !== null);
      return pages;
    },

    refundLine: (order: { readonly orderId: string; readonly quote: Quote }, line: string, at: string) =>
      giveBack(order, creditWholeLines(order.quote, [line]), at),

    refundPart: (order: { readonly orderId: string; readonly quote: Quote }, line: string, gross: number, at: string) =>
      giveBack(
        order,
        [creditPartOfLine(order.quote, { line, gross, quantity: 0 }, credited.get(order.orderId) ?? [])],
        at,
      ),

    /** Balances by account, only those of the euro, without zeros. */
    async balances(): Promise<Readonly<Record<string, number>>> {
      const rows = (await ledger.balances()).filter(({ currency, balance }) => currency === 'EUR' && balance !== 0);
      return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
    },
  };
}

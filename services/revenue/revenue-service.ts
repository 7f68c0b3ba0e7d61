import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import type { CreditedLine } from '../../domain/invoice/credited-line.ts';
import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import type { OrderBilling, OrderLine, Quote } from '../../domain/order/order.ts';
import { isDeferred } from '../../domain/revenue/recognition-policy.ts';
import { nothingBooked } from '../../domain/revenue/recognition-posting.ts';
import type { RecognitionEvent } from '../../domain/revenue/recognition-schedule.ts';
import { servicePeriod } from '../../domain/revenue/service-period.ts';
import { addDays } from '../../domain/time/calendar-date.ts';
import type { DateSpan } from '../../domain/time/calendar-date.ts';
import { localDate } from '../../domain/time/local-date.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { RecognitionScheduleDocument, RecognitionScheduleStore } from './recognition-schedule-store.ts';

export interface SaleOfOrder {
  readonly orderId: string;
  readonly quote: Quote;
  /** What time the lines pay for; null or absent: a period from the sale on. */
  readonly billing?: OrderBilling | null;
}

export interface CreditOfOrder extends SaleOfOrder {
  /** Key of the source fact: what is told twice counts once. */
  readonly fact: string;
  readonly cause: 'refund' | 'dispute';
  readonly lines: readonly Pick<CreditedLine, 'line' | 'net'>[];
  /** When it was booked, ISO 8601 UTC. */
  readonly at: string;
}

export interface RevenueService {
  /**
   * A schedule for every deferred line of a sale that is in the journal; nothing is read or written for an order without
   * recurring prices. Repeatable.
   * @throws order.state_conflict before the sale is booked, revenue.schedule_conflict
   */
  open(sale: SaleOfOrder): Promise<void>;
  /** What a refund or a lost dispute gave back of deferred lines. Repeatable. @throws order.state_conflict */
  credit(credit: CreditOfOrder): Promise<void>;
  /** Any other fact about a line: a cancellation, a change of plan. Repeatable. @throws revenue.schedule_not_found */
  note(line: { readonly orderId: string; readonly line: string }, event: RecognitionEvent): Promise<void>;
  ofOrder(orderId: string): Promise<readonly RecognitionScheduleDocument[]>;
}

/** When the net of sold lines is earned: facts in, schedules out. Posting is services/revenue/recognition-run.ts. */
export function createRevenueService({
  store,
  ledger,
}: {
  readonly store: RecognitionScheduleStore;
  readonly ledger: Pick<LedgerService, 'find'>;
}): RevenueService {
  /** The lines that the entry of the sale has deferred. */
  async function deferredLines({ orderId, quote }: SaleOfOrder) {
    const sale = await ledger.find(facts.sale(orderId));
    if (sale === null) return fail('order.state_conflict', `the sale of order ${orderId} is not booked`);
    return { soldAt: sale.at, lines: quote.lines.filter((line) => isDeferred(line, sale.at)) };
  }

  async function insert(schedule: RecognitionScheduleDocument): Promise<void> {
    const kept = await store.insert(schedule);
    if (kept.net !== schedule.net || kept.currency !== schedule.currency)
      fail('revenue.schedule_conflict', `schedule ${schedule._id} is of ${kept.net} ${kept.currency}`);
  }

  async function add(id: string, event: RecognitionEvent): Promise<void> {
    if (await store.addEvent(id, event)) return;
    const known = (await store.find(id)) ?? fail('revenue.schedule_not_found', `There is no schedule ${id}`);
    if (!known.events.some((one) => one.id === event.id))
      fail('revenue.schedule_conflict', `${event.id} was not added to ${id}`);
  }

  return {
    async open(sale) {
      const { orderId, quote } = sale;
      if (!quote.lines.some(mayBeDeferred)) return;
      const { soldAt, lines } = await deferredLines(sale);
      const { timeZone } = legalEntityAt(soldAt);
      for (const line of lines) {
        if (line.recurring === null) continue;
        await insert({
          _id: scheduleId(orderId, line.line),
          orderId,
          line: line.line,
          sellerId: line.sellerId,
          currency: quote.currency,
          net: line.net,
          period:
            billedPeriod(sale.billing ?? null, line.line, timeZone) ?? servicePeriod(line.recurring, soldAt, timeZone),
          events: [],
          soldAt,
          booked: nothingBooked,
          pending: null,
          open: true,
          revision: 0,
        });
      }
    },

    async credit({ fact, cause, lines: credited, at, ...sale }) {
      if (!sale.quote.lines.some(mayBeDeferred)) return;
      const deferred = new Set((await deferredLines(sale)).lines.map(({ line }) => line));
      const on = localDate(at, legalEntityAt(at).timeZone);
      // Tax that was given back alone is none of our revenue.
      for (const { line, net } of credited.filter((one) => one.net > 0 && deferred.has(one.line))) {
        const event = { kind: 'credited', id: fact, on, cause, net, takes: 'in_proportion' } as const;
        await add(scheduleId(sale.orderId, line), event);
      }
    },

    note: ({ orderId, line }, event) => add(scheduleId(orderId, line), event),

    ofOrder: (orderId) => store.ofOrder(orderId),
  };
}

/** In the days of the books; what is shorter than a day is earned on its day. */
function billedPeriod(billing: OrderBilling | null, line: string, timeZone: string): DateSpan | null {
  const billed = billing?.lines.find((one) => line === one.line || line.startsWith(`${one.line}.`));
  if (billed === undefined) return null;
  const start = localDate(billed.start, timeZone);
  const end = localDate(billed.end, timeZone);
  return { start, end: end > start ? end : addDays(start, 1) };
}

function scheduleId(orderId: string, line: string): string {
  return `${orderId}/${line}`;
}

/** Told from the line alone, so that an order of downloads costs no query. */
function mayBeDeferred({ recurring }: OrderLine): boolean {
  return recurring !== null;
}

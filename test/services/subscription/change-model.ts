/** What a subscription must cost, told from what was asked of it alone and without the code under test: exact integers. */

export const currencies = ['EUR', 'JPY', 'KWD'] as const;
export type Currency = (typeof currencies)[number];

export interface Plan {
  /** Id of the price; those of one family hand over the same product. */
  readonly price: string;
  readonly product: string;
  readonly interval: 'month' | 'year';
  readonly taxBehavior: 'inclusive' | 'exclusive';
  /** Minor units per unit and period: cents, yen, fils. */
  readonly amounts: Readonly<Record<Currency, number>>;
}

/** A plan and how many of it. */
export interface Agreed {
  readonly plan: Plan;
  readonly quantity: number;
}

/** Seconds since 1970, half-open; `of`: seconds of the whole period that a price is for. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly of: number;
}

interface Piece extends Span {
  readonly agreed: Agreed;
}

/** Every customer is a German consumer. */
const taxPercent = 19n;

/** Rounding of a share, of its tax and of a credit: half a minor unit each. */
const tolerancePerPiece = 1.5;
/** Values are kept in millionths of a minor unit. */
const precision = 1_000_000n;

/** The smallest charges that the cards' networks take; of other currencies 1. */
const leastCharges: Readonly<Partial<Record<Currency, number>>> = { EUR: 50, JPY: 50 };
export const leastChargeIn = (currency: Currency): number => leastCharges[currency] ?? 1;

const monthsOf = ({ interval }: Plan): number => (interval === 'year' ? 12 : 1);
export const secondOf = (at: string): number => Date.parse(at) / 1_000;
export const instantOf = (second: number): string => new Date(second * 1_000).toISOString();

/** A whole period with its tax, minor units: what a renewal invoices. */
export function periodPrice({ plan, quantity }: Agreed, currency: Currency): number {
  const hundredths = hundredthsOf({ plan, quantity }, currency);
  return Number((hundredths + 50n) / 100n);
}

function hundredthsOf({ plan, quantity }: Agreed, currency: Currency): bigint {
  const percent = plan.taxBehavior === 'exclusive' ? 100n + taxPercent : 100n;
  return BigInt(plan.amounts[currency] * quantity) * percent;
}

/** The same day and time so many months later, or the last day of a shorter month. Days are those of UTC. */
function monthsAfter(second: number, months: number): number {
  const date = new Date(second * 1_000);
  const month = date.getUTCMonth() + months;
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const midnight = Date.UTC(date.getUTCFullYear(), month, Math.min(date.getUTCDate(), lastDay)) / 1_000;
  return midnight + (second % 86_400);
}

/** Where the calendar's months begin: at this moment itself or at the next one. */
function monthFrom(second: number): number {
  const date = new Date(second * 1_000);
  const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) / 1_000;
  return start === second ? second : monthsAfter(start, 1);
}

/** Periods counted from a moment: of its anniversaries, or of the calendar's months after a first part of one. */
function periodsFrom(anchor: number, plan: Plan, followsCalendar: boolean): (index: number) => Span {
  const months = monthsOf(plan);
  const first = followsCalendar ? monthFrom(anchor) : anchor;
  const whole = (index: number) => {
    const [start, end] = [monthsAfter(first, index * months), monthsAfter(first, (index + 1) * months)];
    return { start, end, of: end - start };
  };
  if (first === anchor) return whole;
  return (index) => (index === 0 ? { ...whole(-1), start: anchor } : whole(index - 1));
}

export type ExpectedCost = ReturnType<typeof createExpectedCost>;

/** @param begin.at ISO 8601 UTC: when it was paid for the first time */
export function createExpectedCost(begin: {
  readonly agreed: Agreed;
  readonly currency: Currency;
  readonly at: string;
  readonly followsCalendar: boolean;
}) {
  const { currency, followsCalendar } = begin;
  const ended: Piece[] = [];
  let { agreed } = begin;
  let pending: Agreed | null = null;
  let periods = periodsFrom(secondOf(begin.at), agreed.plan, followsCalendar);
  let place = 0;
  let index = 0;
  /** What the current period was billed as, from when on. */
  let paid: Piece = { agreed, ...periods(0) };

  function beginPeriod(next: Agreed, at: number | null): void {
    index += 1;
    place += 1;
    if (at !== null) {
      periods = periodsFrom(at, next.plan, followsCalendar);
      place = 0;
    }
    agreed = next;
    pending = null;
    paid = { agreed, ...periods(place) };
  }

  return {
    currency,
    get agreed(): Agreed {
      return agreed;
    },
    get pending(): Agreed | null {
      return pending;
    },
    get period() {
      const { start, end } = periods(place);
      return { index, start: instantOf(start), end: instantOf(end) };
    },

    /** At once. What comes after the end of a period that was not renewed yet belongs to the next one. */
    changeNow(next: Agreed, at: string, proration: 'prorate' | 'none'): void {
      const moment = Math.min(secondOf(at), paid.end);
      if (next.plan.interval !== agreed.plan.interval) {
        ended.push({ ...paid, end: moment });
        return beginPeriod(next, moment);
      }
      if (proration === 'prorate' && moment < paid.end) {
        ended.push({ ...paid, end: moment });
        paid = { ...paid, agreed: next, start: moment };
      }
      agreed = next;
      pending = null;
    },

    changeLater(next: Agreed): void {
      pending = next;
    },

    withdraw(): void {
      pending = null;
    },

    renew(): void {
      const next = pending ?? agreed;
      ended.push(paid);
      beginPeriod(next, next.plan.interval === agreed.plan.interval ? null : paid.end);
    },

    /** Whether invoices less credit notes are what the time that each plan is paid for costs. */
    isCostOf(invoicedLessCredited: number): boolean {
      const pieces = [...ended, paid];
      const value = pieces.reduce((sum, { agreed: held, start, end, of }) => {
        return sum + (hundredthsOf(held, currency) * BigInt(end - start) * precision) / (BigInt(of) * 100n);
      }, 0n);
      const off = BigInt(invoicedLessCredited) * precision - value;
      const tolerance = BigInt(pieces.length * tolerancePerPiece * Number(precision));
      return off <= tolerance && -off <= tolerance;
    },
  };
}

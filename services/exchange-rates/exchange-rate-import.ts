import type { Db } from 'mongodb';
import { fail } from '../../domain/failures.ts';
import { unusualJumps } from '../../domain/money/exchange-rate.ts';
import type { RatePublication } from '../../domain/money/exchange-rate.ts';
import { addDays, daysBetween } from '../../domain/time/calendar-date.ts';
import { createExchangeRateStore } from './exchange-rate-store.ts';
import { ecbPublisher } from './rate-publisher.ts';
import type { RatePublisher } from './rate-publisher.ts';

/** A publication that was refused until a person has looked at it. */
export interface HeldPublication {
  readonly date: string;
  /** Currencies that moved by more than a fifth, as text: "TRY 38.1 → 51.2". */
  readonly jumps: readonly string[];
}

export interface ImportOutcome {
  /** Newest day that the publisher names. */
  readonly newest: string;
  /** Days that were not on file before. */
  readonly imported: number;
  readonly held: readonly HeldPublication[];
}

export interface ExchangeRateImport {
  /**
   * Puts on file what the publisher has and we have not; repeatable. A publication in which a rate moved by more than a
   * fifth is held instead, and used by nobody.
   * @param request.at ISO 8601 UTC
   * @throws exchange_rates.unavailable, exchange_rates.unreadable, exchange_rates.conflict when a day is published with other rates
   */
  importRates(request: { readonly at: string }): Promise<ImportOutcome>;
  /** A person's decision about a held one; repeatable. @throws exchange_rates.not_held */
  decide(decision: {
    readonly date: string;
    readonly decision: 'accept' | 'refuse';
    readonly by: string;
  }): Promise<void>;
}

/** As far as the 90-day file can be trusted to reach back. */
const historyDays = 90;

export function createExchangeRateImport(deps: { readonly db: Db; readonly publisher: RatePublisher }) {
  const store = createExchangeRateStore({ db: deps.db, publisher: ecbPublisher });

  /** The newest accepted publication before a day, within the reach of the 90-day file. */
  async function before(date: string): Promise<RatePublication | null> {
    const days = Array.from({ length: historyDays }, (_, distance) => addDays(date, -1 - distance));
    return (await store.accepted(days))[0] ?? null;
  }

  /** null: nothing new. Oldest first, so that each is measured against the day before it. */
  async function take(publication: RatePublication, at: string): Promise<'imported' | HeldPublication | null> {
    const known = await store.find(publication.date);
    if (known !== null) {
      if (!sameRates(known, publication))
        fail('exchange_rates.conflict', `${publication.date} is on file with other rates than are published now`);
      return known.status === 'held' ? heldOf(await before(publication.date), publication) : null;
    }
    const earlier = await before(publication.date);
    const held = heldOf(earlier, publication);
    if (await store.insert(publication, { status: held.jumps.length > 0 ? 'held' : 'accepted', at })) {
      return held.jumps.length > 0 ? held : 'imported';
    }
    return take(publication, at);
  }

  return {
    async importRates({ at }) {
      const newest = await deps.publisher.read('newest');
      const date = newest.at(-1)?.date ?? fail('exchange_rates.unreadable', 'The publisher names no day');
      const publications = (await leavesGap(date)) ? merge(await deps.publisher.read('last_90_days'), newest) : newest;
      const taken: ('imported' | HeldPublication | null)[] = [];
      for (const publication of publications) taken.push(await take(publication, at));
      return {
        newest: date,
        imported: taken.filter((one) => one === 'imported').length,
        held: taken.filter((one) => one !== null && one !== 'imported'),
      };
    },

    async decide({ date, decision, by }) {
      const status = decision === 'accept' ? 'accepted' : 'refused';
      if (await store.decide(date, status, by)) return;
      const known = await store.find(date);
      if (known?.status === status && known.decidedBy === by) return;
      fail('exchange_rates.not_held', `The rates of ${date} are ${known?.status ?? 'not on file'}`);
    },
  } satisfies ExchangeRateImport;

  /** Whether a day on which something may have been published lies between the newest on file and this one. */
  async function leavesGap(date: string): Promise<boolean> {
    if ((await store.find(date)) !== null) return false;
    const earlier = await before(date);
    if (earlier === null) return true;
    const between = Array.from({ length: daysBetween(earlier.date, date) - 1 }, (_, i) => addDays(earlier.date, i + 1));
    return between.some((day) => !isWeekend(day));
  }
}

function heldOf(earlier: RatePublication | null, publication: RatePublication): HeldPublication {
  const jumps = earlier === null ? [] : unusualJumps(earlier, publication);
  return {
    date: publication.date,
    jumps: jumps.map(({ currency, before, after }) => `${currency} ${before} → ${after}`),
  };
}

function merge(history: readonly RatePublication[], newest: readonly RatePublication[]): readonly RatePublication[] {
  const known = new Set(history.map(({ date }) => date));
  return [...history, ...newest.filter(({ date }) => !known.has(date))];
}

function sameRates(a: RatePublication, b: RatePublication): boolean {
  const canonical = ({ base, rates }: RatePublication) =>
    JSON.stringify([base, Object.entries(rates).sort(([x], [y]) => (x < y ? -1 : 1))]);
  return canonical(a) === canonical(b);
}

function isWeekend(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day === 0 || day === 6;
}

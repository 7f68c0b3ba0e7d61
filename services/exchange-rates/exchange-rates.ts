import type { Db } from 'mongodb';
import { publishedRate } from '../../domain/money/exchange-rate.ts';
import type { ExchangeRate } from '../../domain/money/exchange-rate.ts';
import { addDays } from '../../domain/time/calendar-date.ts';
import { createExchangeRateStore } from './exchange-rate-store.ts';
import { ecbPublisher } from './rate-publisher.ts';

export interface RateQuery {
  readonly from: string;
  readonly to: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/** Published exchange rates, for what must also be shown or reported in another currency; nothing is charged by them. */
export interface ExchangeRates {
  /**
   * The rate published for `date` (YYYY-MM-DD) or, on days without a publication, the newest one before it; null when
   * nothing is on file for the ten days before. A currency against itself is 1 wherever anything is on file.
   */
  rateOn(query: RateQuery): Promise<ExchangeRate | null>;
}

/** What tax returns need beside it. */
export interface PublishedExchangeRates extends ExchangeRates {
  /** The rate published for `date` or, on days without a publication, for the next day with one, within ten days; null: not yet. */
  rateFrom(query: RateQuery): Promise<ExchangeRate | null>;
}

/** Publishers pause for at most four days (Easter); after ten something is wrong and an old rate would be a guess. */
const reachDays = 10;

/** Reads what exchange-rate-import.ts has written. One look-up by primary keys per question; both currencies are of one day. */
export function createExchangeRates({ db }: { readonly db: Db }): PublishedExchangeRates {
  const store = createExchangeRateStore({ db, publisher: ecbPublisher });

  async function first(days: readonly string[], { from, to }: RateQuery): Promise<ExchangeRate | null> {
    for (const publication of await store.accepted(days)) {
      const rate = publishedRate(publication, from, to);
      if (rate !== null) return rate;
    }
    return null;
  }

  return {
    rateOn: (query) => first(daysAround(query.date, -1), query),
    rateFrom: (query) => first(daysAround(query.date, 1), query),
  };
}

/** The day and the ten before (-1) or after (1) it, the nearest first. */
function daysAround(date: string, direction: -1 | 1): readonly string[] {
  return Array.from({ length: reachDays + 1 }, (_, distance) => addDays(date, direction * distance));
}

import type { RatePublication } from '../../domain/money/exchange-rate.ts';

/** The first part of the ids of what is on file: permanent. */
export const ecbPublisher = 'ecb';

/** Port: whoever publishes reference rates. */
export interface RatePublisher {
  /**
   * The newest publication, or those of about the last 90 days, oldest first.
   * @throws exchange_rates.unavailable when it does not answer, exchange_rates.unreadable when the answer is not what was agreed
   */
  read(period: 'newest' | 'last_90_days'): Promise<readonly RatePublication[]>;
}

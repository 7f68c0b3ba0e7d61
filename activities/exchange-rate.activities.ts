import type { ExchangeRateImport, ImportOutcome } from '../services/exchange-rates/exchange-rate-import.ts';
import { atTheBorder } from './activity-failure.ts';

export interface ExchangeRateDeps {
  readonly exchangeRateImport: Pick<ExchangeRateImport, 'importRates'>;
}

export function createExchangeRateActivities({ exchangeRateImport }: ExchangeRateDeps) {
  return atTheBorder({
    /** Puts on file what the publisher has and we have not; repeatable. */
    importExchangeRates: ({ at }: { readonly at: string }): Promise<ImportOutcome> =>
      exchangeRateImport.importRates({ at }),
  });
}

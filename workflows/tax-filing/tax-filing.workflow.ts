import { log, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { books } from '../activity-profiles.ts';
import { failureCodeOf, isActivityFailure } from '../failures.ts';
import { searchAttributes } from '../search-attributes.ts';
import type { TaxFilingOutcome, TaxReturnKey } from './tax-filing.contract.ts';

/**
 * Opens the filing periods that have begun, closes those that have ended, and sees to it that every return that waits to
 * be filed has its workflow. Run by a Temporal Schedule every night; what one run misses the next makes up for.
 */
export async function taxFilingWorkflow(): Promise<TaxFilingOutcome> {
  const { toClose, awaited } = await books.openFilingPeriods({ at: new Date().toISOString() });
  const closed: TaxReturnKey[] = [];
  const waitingForRates: TaxReturnKey[] = [];
  const failed: TaxReturnKey[] = [];
  for (const key of toClose) {
    switch (await close(key)) {
      case 'closed':
        closed.push(key);
        break;
      case 'rates_missing':
        waitingForRates.push(key);
        break;
      case 'failed':
        failed.push(key);
    }
  }
  if (awaited.length > 0) await books.startTaxReturns({ returns: awaited });
  show({ closed, waitingForRates, failed });
  return { closed, waitingForRates, failed };
}

/** One return that cannot be closed keeps no other from being closed. */
async function close(key: TaxReturnKey): Promise<'closed' | 'rates_missing' | 'failed'> {
  try {
    return (await books.closeFilingPeriod({ ...key, at: new Date().toISOString() })).kind;
  } catch (error) {
    if (!isActivityFailure(error)) throw error;
    log.error('a filing period could not be closed', { ...key, code: failureCodeOf(error) });
    return 'failed';
  }
}

function show({ closed, waitingForRates, failed }: TaxFilingOutcome): void {
  const names = (keys: readonly TaxReturnKey[]): string =>
    keys.map(({ scheme, period }) => `${scheme} ${period}`).join(', ') || 'none';
  setCurrentDetails(
    `Closed: ${names(closed)}. Waiting for exchange rates: ${names(waitingForRates)}. Failed: ${names(failed)}.`,
  );
  if (failed.length > 0) upsertSearchAttributes([{ key: searchAttributes.status, value: 'needs_attention' }]);
}

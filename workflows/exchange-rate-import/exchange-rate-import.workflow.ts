import { setCurrentDetails, sleep, upsertSearchAttributes } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { partner } from '../activity-profiles.ts';
import { failureCodeOf, isActivityFailure } from '../failures.ts';
import { searchAttributes } from '../search-attributes.ts';
import { publisherRetriesMs } from './exchange-rate-import.contract.ts';
import type { ExchangeRateImportOutcome } from './exchange-rate-import.contract.ts';

type Import = Awaited<ReturnType<Activities['importExchangeRates']>>;

/** Puts the published exchange rates on file. Run by a Temporal Schedule every day after they are published. */
export async function exchangeRateImportWorkflow(): Promise<ExchangeRateImportOutcome> {
  const imported = await importPatiently();
  if (imported === null) {
    needsAttention('The publisher of exchange rates did not answer today.');
    return { outcome: 'publisher_unavailable' };
  }
  const { newest, held } = imported;
  if (held.length === 0) {
    setCurrentDetails(`Rates up to ${newest} are on file.`);
    return { outcome: 'imported', newest, imported: imported.imported };
  }
  const jumps = held.map(({ date, jumps }) => `${date}: ${jumps.join(', ')}`).join('; ');
  needsAttention(`Not used until a person decides, because rates moved unusually: ${jumps}`);
  return { outcome: 'held', newest, imported: imported.imported, days: held.map(({ date }) => date) };
}

/** null: the publisher was away all day. */
async function importPatiently(): Promise<Import | null> {
  for (const waitMs of [...publisherRetriesMs, null]) {
    try {
      return await partner.importExchangeRates({ at: new Date().toISOString() });
    } catch (error) {
      if (!isActivityFailure(error) || failureCodeOf(error) !== 'exchange_rates.unavailable') throw error;
    }
    if (waitMs !== null) await sleep(waitMs, { summary: 'then ask the publisher again' });
  }
  return null;
}

function needsAttention(details: string): void {
  setCurrentDetails(details);
  upsertSearchAttributes([{ key: searchAttributes.status, value: 'needs_attention' }]);
}

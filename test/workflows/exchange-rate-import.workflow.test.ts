import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { Activities } from '../../activities/index.ts';
import { exchangeRateImportWorkflow } from '../../workflows/index.ts';
import type { ExchangeRateImportOutcome } from '../../workflows/exchange-rate-import/exchange-rate-import.contract.ts';
import { openTimeSkipping } from '../support/time-skipping.ts';
import type { TimeSkipping } from '../support/time-skipping.ts';

let temporal: TimeSkipping;
let runs = 0;

beforeAll(async () => {
  temporal = await openTimeSkipping();
});
afterAll(() => temporal.close());

function run(importExchangeRates: Activities['importExchangeRates']): Promise<ExchangeRateImportOutcome> {
  runs += 1;
  return temporal.run({ importExchangeRates }, (taskQueue) =>
    temporal.env.client.workflow.execute(exchangeRateImportWorkflow, {
      taskQueue,
      workflowId: `exchange-rate-import-${runs}`,
      args: [],
    }),
  );
}

const away = (code: string) => ApplicationFailure.create({ type: code, nonRetryable: true, message: 'away' });

describe('the import of exchange rates', () => {
  it('ends with what was imported', async () => {
    const outcome = await run(() => Promise.resolve({ newest: '2026-11-20', imported: 1, held: [] }));
    expect(outcome).toEqual({ outcome: 'imported', newest: '2026-11-20', imported: 1 });
  });

  it('ends held, and shows itself to operators, when a rate moved unusually', async () => {
    const held = [{ date: '2026-11-20', jumps: ['TRY 40 → 50'] }];
    const outcome = await run(() => Promise.resolve({ newest: '2026-11-20', imported: 0, held }));
    expect(outcome).toEqual({ outcome: 'held', newest: '2026-11-20', imported: 0, days: ['2026-11-20'] });
  });

  it('asks again an hour later while the publisher is away', async () => {
    const asked: number[] = [];
    const outcome = await run(({ at }) => {
      asked.push(Date.parse(at));
      if (asked.length < 4) throw away('exchange_rates.unavailable');
      return Promise.resolve({ newest: '2026-11-20', imported: 1, held: [] });
    });
    expect(outcome.outcome).toBe('imported');
    const waits = asked.slice(1).map((at, index) => (at - (asked[index] ?? 0)) / 3_600_000);
    expect(waits).toHaveLength(3);
    for (const hours of waits) expect(hours).toBeCloseTo(1, 1);
  });

  it('gives the day up when the publisher stays away', async () => {
    let asked = 0;
    const outcome = await run(() => {
      asked += 1;
      throw away('exchange_rates.unavailable');
    });
    expect([outcome, asked]).toEqual([{ outcome: 'publisher_unavailable' }, 7]);
  });

  it('fails at once when what is published cannot be read', async () => {
    let asked = 0;
    const failed = run(() => {
      asked += 1;
      throw away('exchange_rates.unreadable');
    });
    await expect(failed).rejects.toMatchObject({ cause: { cause: { type: 'exchange_rates.unreadable' } } });
    expect(asked).toBe(1);
  });
});

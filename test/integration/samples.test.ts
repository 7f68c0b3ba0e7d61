import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkBooks } from '../../dev/demo/check-books.ts';
import { lookAgain } from '../../dev/demo/run-sample.ts';
import type { SampleRun } from '../../dev/demo/run-sample.ts';
import { runSamples } from '../../dev/demo/run-samples.ts';
import { readSamples } from '../../dev/samples/read-samples.ts';
import { journeyMs, startTestSystem, systemStartMs } from '../support/system.ts';
import type { TestSystem } from '../support/system.ts';

const samples = readSamples();

describe('the sample orders, placed over HTTP in a whole system', () => {
  let system: TestSystem | undefined;
  let runs: readonly SampleRun[] = [];

  beforeAll(async () => {
    system = await startTestSystem({ duplicateWebhooks: true });
    runs = await runSamples(system, samples, () => undefined);
  }, systemStartMs + journeyMs);

  afterAll(async () => {
    await system?.stop();
  }, journeyMs);

  it.each(samples.map(({ name, title }) => [name, title] as const))('%s ends as its file says: %s', (name) => {
    const run = runs.find(({ sample }) => sample.name === name);
    expect(run?.mismatches).toEqual([]);
  });

  it('leaves books that balance and agree with what the gateways hold', async () => {
    if (system === undefined) throw new Error('the system did not start');
    const books = await checkBooks(system);
    expect(books.problems).toEqual([]);
    expect(books.held.length).toBeGreaterThan(3);
  });

  it('would say so if an outcome were not as the file says', async () => {
    const run = runs.find(({ sample }) => sample.name === 'german-consumer');
    if (system === undefined || run === undefined || 'problem' in run.sample.expect)
      throw new Error('no sample to alter');
    const { expect: expected } = run.sample;
    const altered = { ...expected, status: 'failed', amounts: { ...expected.amounts, tax: 783 } } as const;
    const { mismatches } = await lookAgain(system, { ...run, sample: { ...run.sample, expect: altered } });
    expect(mismatches).toEqual(['status: expected "failed", is "completed"', 'amounts.tax: expected 783, is 782']);
  });
});

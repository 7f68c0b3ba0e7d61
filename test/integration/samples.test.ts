import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkBooks } from '../../dev/demo/check-books.ts';
import { lookAgain } from '../../dev/demo/run-sample.ts';
import type { SampleRun } from '../../dev/demo/run-sample.ts';
import { runSamples } from '../../dev/demo/run-samples.ts';
import { readSamples } from '../../dev/samples/read-samples.ts';
import { journeyMs, systemOfThisFile } from '../support/system.ts';

const samples = readSamples();

describe('the sample orders, placed over HTTP in a whole system', () => {
  const running = systemOfThisFile({ duplicateWebhooks: true });
  let runs: readonly SampleRun[] = [];

  beforeAll(async () => {
    runs = await runSamples(running(), samples, () => undefined);
  }, journeyMs);

  it.each(samples.map(({ name, title }) => [name, title] as const))('%s ends as its file says: %s', (name) => {
    const run = runs.find(({ sample }) => sample.name === name);
    expect(run?.mismatches).toEqual([]);
  });

  it('leaves books that balance and agree with what the gateways hold', async () => {
    const { stack, home } = running().system;
    const records = { uri: stack.mongodb.uri, database: home.database };
    const books = await checkBooks({ ...running(), records });
    expect(books.problems).toEqual([]);
    expect(books.held.length).toBeGreaterThan(3);
  });

  it('would say so if an outcome were not as the file says', async () => {
    const run = runs.find(({ sample }) => sample.name === 'german-consumer');
    if (run === undefined || 'problem' in run.sample.expect) throw new Error('no sample to alter');
    const { expect: expected } = run.sample;
    const altered = { ...expected, status: 'failed', amounts: { ...expected.amounts, tax: 783 } } as const;
    const { mismatches } = await lookAgain(running(), { ...run, sample: { ...run.sample, expect: altered } });
    expect(mismatches).toEqual(['status: expected "failed", is "completed"', 'amounts.tax: expected 783, is 782']);
  });
});

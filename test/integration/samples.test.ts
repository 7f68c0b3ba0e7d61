import { beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { checkBooks } from '../../dev/demo/check-books.ts';
import { lookAgain } from '../../dev/demo/run-sample.ts';
import type { SampleRun } from '../../dev/demo/run-sample.ts';
import { runSamples } from '../../dev/demo/run-samples.ts';
import { readSamples } from '../../dev/samples/read-samples.ts';
import { findPersonalData, needlesOf, readTemporal } from '../support/personal-data.ts';
import type { Needle, Source } from '../support/personal-data.ts';
import { journeyMs, systemOfThisFile, untilClosed } from '../support/system.ts';

const samples = readSamples();
const running = systemOfThisFile({ duplicateWebhooks: true });
let runs: readonly SampleRun[] = [];

beforeAll(async () => {
  runs = await runSamples(running(), samples, () => undefined);
  for (const { seen } of runs) if (seen !== null) await untilClosed(running(), seen.order.id);
}, journeyMs);

describe('the sample orders, placed over HTTP in a whole system', () => {
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

describe('personal data and secrets of a run of all samples', () => {
  /** What the samples brought in, and the secrets that were handed out. */
  const needles = (): readonly Needle[] => [
    ...needlesOf(samples),
    ...runs.flatMap(({ seen }) =>
      (seen?.order.deliveries ?? []).flatMap(({ details }) => [
        ...(details.licenseKeys ?? []).map((text) => ({ what: 'licence key', text })),
        ...(details.link === undefined ? [] : [{ what: 'download token', text: details.link.split('/').at(-1) ?? '' }]),
      ]),
    ),
  ];

  const logs = (): Source => ({ where: 'the output of worker and API', texts: withoutProcessIds(running().printed) });

  it('all went as expected, so that there is something to look through', async () => {
    expect(runs.flatMap(({ mismatches }) => mismatches)).toEqual([]);
    expect(needles().length).toBeGreaterThan(100);
    expect(running().printed.length).toBeGreaterThan(50);
    const orders = (await readTemporal(running().system)).filter(({ where }) =>
      where.startsWith('the history of order/'),
    );
    // A sample may place several.
    const placed = samples.filter(({ expect: expected }) => !('problem' in expected)).length;
    expect(orders.length).toBeGreaterThanOrEqual(placed);
    expect(orders.every(({ texts }) => texts.length > 100)).toBe(true);
  });

  it(
    'is in no history, listing, description or detail that Temporal keeps',
    async () => {
      expect(findPersonalData(needles(), await readTemporal(running().system))).toEqual([]);
    },
    journeyMs,
  );

  it('is in nothing that worker and API print', () => {
    expect(findPersonalData(needles(), [logs()])).toEqual([]);
  });

  it(
    'would be found: planted in a history, a memo, a summary, a search attribute or a line of output',
    async () => {
      const { system, printed } = running();
      const [first] = needlesOf(samples).filter(({ what }) => what.startsWith('e-mail'));
      const canary = first?.text ?? '';
      const connection = await Connection.connect({ address: system.stack.temporal.address });
      try {
        const client = new Client({ connection, namespace: system.home.namespace });
        const start = (workflowId: string, options: object) =>
          client.workflow.start('canaryWorkflow', { taskQueue: 'nobody-works-here', workflowId, ...options });
        const handles = [
          await start('canary/input', { args: [{ nested: { note: `write to ${canary}, please` } }] }),
          await start('canary/memo', { memo: { contact: canary } }),
          await start('canary/summary', { staticSummary: `Order of ${canary}` }),
          await start('canary/attribute', { searchAttributes: { WaybillStatus: [canary] } }),
        ];
        const hits = findPersonalData(needles(), await readTemporal(system));
        for (const handle of handles) await handle.terminate();
        expect(hits).toEqual(
          expect.arrayContaining([
            expect.stringContaining('in the history of canary/input'),
            expect.stringContaining('in the listing of workflows'),
            expect.stringContaining('in the description of canary/memo'),
            expect.stringContaining('in the description of canary/summary'),
            expect.stringContaining('in the description of canary/attribute'),
          ]),
        );
      } finally {
        await connection.close();
      }
      const spoiled = { where: 'a log', texts: [...printed, `could not reach <${canary}>: 451`] };
      expect(findPersonalData(needles(), [spoiled])).toContain(`${first?.what} in a log`);
    },
    journeyMs,
  );
});

/** A process id may happen to be somebody's postal code. */
function withoutProcessIds(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/"pid":\d+/g, '"pid":0'));
}

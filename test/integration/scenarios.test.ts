import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SimulationStack } from '../../dev/simulate/open-simulation.ts';
import { readScenario } from '../../dev/simulate/read-scenario.ts';
import { simulate } from '../../dev/simulate/simulate.ts';
import { silenceRuntime } from '../../dev/simulate/simulation-stack.ts';
import { bundleEveryQueue } from '../../workers/workflow-bundle.ts';

// Goal: months and years of subscriptions are right to the cent. Method: every scenario of dev/samples/scenarios is played
// with the real workflows, services, API and partners in skipped time; each names what is to come of it.

const folder = fileURLToPath(new URL('../../dev/samples/scenarios/', import.meta.url));
const patienceMs = 240_000;

let stack: SimulationStack;
beforeAll(async () => {
  silenceRuntime();
  const setting = (name: string): string => process.env[name] ?? `${name} is not set: run the tests with npm test`;
  stack = {
    mongodbUri: setting('MONGODB_URI'),
    temporalServer: setting('TEMPORAL_TEST_SERVER'),
    workflowBundles: await bundleEveryQueue(),
  };
}, patienceMs);

describe('npm run simulate', () => {
  it.each(readdirSync(folder))(
    'plays %s as the file says',
    async (name) => {
      const scenario = await readScenario(folder + name);
      expect((await simulate(stack, scenario, { replay: true })).problems).toEqual([]);
    },
    patienceMs,
  );

  it(
    'names what is not as the file says',
    async () => {
      const scenario = await readScenario(`${folder}month-end-anchor.json`);
      const shorter = { ...scenario, until: '2027-02-02T00:00:00.000Z', expect: { invoices: [999] } };
      expect((await simulate(stack, shorter)).problems).toEqual(['invoices: wanted [999], got [1000]']);
    },
    patienceMs,
  );
});

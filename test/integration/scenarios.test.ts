import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SimulationStack } from '../../dev/simulate/open-simulation.ts';
import { readScenario } from '../../dev/simulate/read-scenario.ts';
import type { Scenario } from '../../dev/simulate/scenario-schema.ts';
import { simulate } from '../../dev/simulate/simulate.ts';
import { silenceRuntime } from '../../dev/simulate/simulation-stack.ts';
import { bundleFolder } from '../../dev/system/bundle-folder.ts';
import { bundleEveryQueue, keepBundlesIn } from '../../workers/workflow-bundle.ts';

// Goal: months and years of subscriptions are right to the cent. Method: every scenario of dev/samples/scenarios is played
// with the real workflows, services, API and partners in skipped time; each names what is to come of it.

const folder = fileURLToPath(new URL('../../dev/samples/scenarios/', import.meta.url));
const patienceMs = 240_000;
/** Takes as long as half of the others together: `npm run simulate` plays it by hand, five of its years are played here. */
const shortened: Readonly<Record<string, string>> = { 'ten-years-monthly.json': '2032-01-31T00:00:00.000Z' };

function upTo(scenario: Scenario, until: string | undefined): Scenario {
  if (until === undefined) return scenario;
  const billed = scenario.steps[0]?.at ?? scenario.start;
  const months = (Number(until.slice(0, 4)) - Number(billed.slice(0, 4))) * 12;
  return {
    ...scenario,
    until,
    expect: { ...scenario.expect, invoices: scenario.expect?.invoices?.slice(0, months) ?? [] },
  };
}

let stack: SimulationStack;
beforeAll(async () => {
  silenceRuntime();
  keepBundlesIn(bundleFolder());
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
      const scenario = upTo(await readScenario(folder + name), shortened[name]);
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

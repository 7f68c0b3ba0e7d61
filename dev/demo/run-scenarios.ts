import { fileURLToPath } from 'node:url';
import { formatMoney } from '../../domain/money/money.ts';
import { bundleEveryQueue } from '../../workers/workflow-bundle.ts';
import type { SimulationResult } from '../simulate/gather-result.ts';
import { readScenario } from '../simulate/read-scenario.ts';
import { simulate } from '../simulate/simulate.ts';
import { silenceRuntime } from '../simulate/simulation-stack.ts';
import { findTimeSkippingServer } from '../stack/time-skipping-server.ts';

/** Files of dev/samples/scenarios that show what subscriptions do over months. */
const shown = ['trial-converting', 'month-end-anchor', 'two-upgrades-in-a-month', 'dunning-recovered'] as const;

export interface ScenarioRun {
  readonly name: string;
  readonly title: string;
  /** What was billed, in words. */
  readonly billed: string;
  readonly problems: readonly string[];
}

/** Plays subscriptions in skipped time, on a database of the running stack: `npm run simulate` for each file. */
export async function runScenarios(mongodbUri: string, log: (line: string) => void): Promise<readonly ScenarioRun[]> {
  silenceRuntime();
  const [server, workflowBundles] = await Promise.all([findTimeSkippingServer(log), bundleEveryQueue()]);
  const runs: ScenarioRun[] = [];
  for (const name of shown) {
    const scenario = await readScenario(fileURLToPath(new URL(`../samples/scenarios/${name}.json`, import.meta.url)));
    const result = await simulate({ mongodbUri, temporalServer: server.path, workflowBundles }, scenario);
    const title = scenario.title ?? name;
    runs.push({ name, title, billed: billedInWords(result), problems: result.problems });
    log(`${result.problems.length === 0 ? 'ok  ' : 'FAIL'} ${title}`);
  }
  return runs;
}

/** "15 invoices, 150.00 EUR, to 2028-03-31". */
function billedInWords({ invoices }: SimulationResult): string {
  const sales = invoices.filter(({ kind }) => kind === 'invoice');
  const last = sales.at(-1);
  if (last === undefined) return 'nothing was billed';
  const amount = sales.reduce((sum, { gross }) => sum + gross, 0);
  const total = formatMoney({ amount, currency: last.currency });
  return `${sales.length} ${sales.length === 1 ? 'invoice' : 'invoices'}, ${total}, to ${last.at.slice(0, 10)}`;
}

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatMoney } from '../../domain/money/money.ts';
import type { SimulationResult } from '../simulate/gather-result.ts';
import { readScenario } from '../simulate/read-scenario.ts';

/** Files of dev/samples/scenarios that show what subscriptions do over months. */
const shown = ['trial-converting', 'month-end-anchor', 'two-upgrades-in-a-month', 'dunning-recovered'] as const;

export interface ScenarioRun {
  readonly name: string;
  readonly title: string;
  /** What was billed, in words. */
  readonly billed: string;
  readonly problems: readonly string[];
}

/** Plays subscriptions in skipped time: `npm run simulate` for each file, with the database server of the stack. */
export function runScenarios(mongodbUri: string, log: (line: string) => void): Promise<readonly ScenarioRun[]> {
  return Promise.all(
    shown.map(async (name) => {
      const file = fileURLToPath(new URL(`../samples/scenarios/${name}.json`, import.meta.url));
      const { title = name } = await readScenario(file);
      const result = await simulate(file, mongodbUri);
      log(`${result.problems.length === 0 ? 'as expected' : 'NOT as expected'}: ${name}`);
      return { name, title, billed: billedInWords(result), problems: result.problems };
    }),
  );
}

/** A process of its own: a simulation has its own idea of time, and one SDK runtime is all that a process gets. */
function simulate(file: string, mongodbUri: string): Promise<SimulationResult> {
  const script = fileURLToPath(new URL('../simulate.ts', import.meta.url));
  const args = ['--import', 'tsx', script, file, '--json'];
  const options = { env: { ...process.env, MONGODB_URI: mongodbUri, TZ: 'UTC' }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      // Exit status 1 with a result is a result: it says what is wrong.
      if (stdout.startsWith('{')) resolve(JSON.parse(stdout) as SimulationResult);
      else reject(new Error(`npm run simulate -- ${file} gave no result:\n${stderr}`, { cause: error }));
    });
  });
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

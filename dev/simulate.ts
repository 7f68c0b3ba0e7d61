import { parseArgs } from 'node:util';
import { readScenario } from './simulate/read-scenario.ts';
import { textReport } from './simulate/report.ts';
import { simulate } from './simulate/simulate.ts';
import { silenceRuntime, withSimulationStack } from './simulate/simulation-stack.ts';

/**
 * `npm run simulate -- FILE.json [--json] [--replay] [--record NAME]`: plays a scenario (docs/api.md) with the real
 * workflows, services and sandbox in skipped time. Prints what happened; exit status 1 when an invariant broke or
 * something is not as the file says. `--replay`: afterwards the history of every subscription is replayed against the
 * code; `--record`: histories are written to test/replay/histories under that name.
 */
const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    replay: { type: 'boolean', default: false },
    record: { type: 'string' },
  },
  allowPositionals: true,
});

async function main(): Promise<boolean> {
  const [file] = positionals;
  if (file === undefined) throw new Error('which scenario? npm run simulate -- dev/samples/scenarios/NAME.json');
  const scenario = await readScenario(file);
  silenceRuntime();
  const result = await withSimulationStack(
    (line) => console.error(line),
    (stack) => simulate(stack, scenario, values),
  );
  console.log(values.json ? JSON.stringify(result) : textReport(result));
  return result.problems.length === 0;
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

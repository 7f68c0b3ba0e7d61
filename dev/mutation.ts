import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { mutationTarget } from './mutation/mutation-target.ts';
import type { MutationTarget } from './mutation/mutation-target.ts';
import { percent, scoreOf } from './mutation/mutation-score.ts';
import type { MutationScore } from './mutation/mutation-score.ts';
import { startStack } from './stack/stack.ts';

/**
 * `npm run test:mutation [-- domain/tax domain/money/rate.ts …] [--force]`: changes the code of each folder, one small
 * change at a time, and runs the tests of that folder. Prints the changes that no test noticed, the score per folder and
 * a last line; exit status 1 when a score is below the limit. What is known of unchanged code and tests is taken over
 * from the last run, in reports/mutation; `--force` starts afresh.
 */
const limit = 90;
const folders = ['domain/pricing', 'domain/tax', 'domain/money', 'services/ledger'];
/** Runs per property: they are tried for every mutant, and a mutant that needs luck to be noticed should not count. */
const propertyRuns = '100';

const { values, positionals } = parseArgs({
  options: { force: { type: 'boolean', default: false } },
  allowPositionals: true,
});

async function main(): Promise<boolean> {
  const targets = (positionals.length > 0 ? positionals : folders).map(mutationTarget);
  const lines: string[] = [];
  const scores: (MutationScore | null)[] = [];
  await withDatabase(
    targets.some(({ needsDatabase }) => needsDatabase),
    async () => {
      for (const target of targets) {
        const score = await mutate(target).catch(reported);
        scores.push(score);
        lines.push(`${target.path}: ${score === null ? 'no score, the reason is above' : inWords(score)}`);
      }
    },
  );
  const all = total(scores.flatMap((score) => score ?? []));
  console.log([...lines, `mutation score ${inWords(all)}, limit ${limit} % per folder`].join('\n'));
  return scores.every((score) => score !== null && (percent(score) ?? 100) >= limit);
}

/** Mostly tests that fail without any change: there is nothing to measure then, but the other folders have a score. */
function reported(error: unknown): null {
  console.error(error instanceof Error ? error.message : error);
  return null;
}

/** Stryker's test processes inherit the environment; nothing else hands them a setting. */
async function withDatabase(needed: boolean, work: () => Promise<void>): Promise<void> {
  Object.assign(process.env, { TZ: 'UTC', PROPERTY_RUNS: process.env['PROPERTY_RUNS'] ?? propertyRuns });
  if (!needed) return work();
  const stack = await startStack({ log: (line) => console.error(line) });
  Object.assign(process.env, { MONGODB_URI: stack.mongodb.uri });
  try {
    await work();
  } finally {
    await stack.stop();
  }
}

async function mutate({ path, mutate, tests }: MutationTarget): Promise<MutationScore> {
  const report = `reports/mutation/${path.replaceAll('/', '-')}`;
  const results = await new Stryker({
    configFile: 'stryker.config.mjs',
    mutate: [...mutate],
    jest: { config: { testMatch: [tests], watchman: false } },
    incrementalFile: `${report}.incremental.json`,
    jsonReporter: { fileName: `${report}.json` },
    force: values.force,
  }).runMutationTest();
  return scoreOf(results);
}

const total = (scores: readonly MutationScore[]): MutationScore => ({
  detected: scores.reduce((sum, { detected }) => sum + detected, 0),
  undetected: scores.reduce((sum, { undetected }) => sum + undetected, 0),
});

function inWords(score: MutationScore): string {
  const value = percent(score);
  if (value === null) return 'nothing to mutate';
  return `${value.toFixed(2)} % (${score.detected} of ${score.detected + score.undetected})`;
}

process.exitCode = (await main()) ? 0 : 1;

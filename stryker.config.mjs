import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Mutation tests: every small change of the code must make a test fail. `npm run test:mutation` (dev/mutation.ts) runs
 * them folder by folder with a limit on the score. One file with all tests of domain/:
 * `npx stryker run --mutate domain/money/rate.ts`.
 *
 * @type {import('@stryker-mutator/core').PartialStrykerOptions}
 */
export default {
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  mutate: ['domain/{pricing,tax,money}/*.ts'],
  coverageAnalysis: 'perTest',
  jest: {
    configFile: 'jest.config.mjs',
    config: { testMatch: ['<rootDir>/test/domain/**/*.test.ts'], watchman: false },
  },
  // A change that runs when the module loads has to be met by every test of the folder: four hours for domain/tax alone.
  ignoreStatic: true,
  concurrency: 2,
  // Jest never lets go of the ES modules of a run: some 25 MB for every mutant, until the process is replaced.
  maxTestRunnerReuse: 30,
  // Outside the repository, so that Jest and ESLint do not find every file twice while it runs.
  tempDirName: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'waybill', 'mutation'),
  cleanTempDir: 'always',
  ignorePatterns: ['/reports', '/test/replay', '/dist', '/coverage'],
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  jsonReporter: { fileName: 'reports/mutation/report.json' },
  reporters: ['clear-text', 'progress', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: false },
  allowConsoleColors: false,
  // swc does not check types, so there is nothing to switch off in the files.
  disableTypeChecks: false,
  // How long a mutant may take, beside one and a half times what its tests take without it.
  timeoutMS: 10_000,
};

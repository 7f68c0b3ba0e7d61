/** Properties that are tried more often than in every run (test/support/property-runs.ts) may take longer. */
const patience = Math.max(1, Number(process.env.PROPERTY_RUNS ?? 1_000) / 1_000);

/** ESM mode: NODE_OPTIONS=--experimental-vm-modules is set by the npm scripts. @type {import('jest').Config} */
export default {
  // Relative: Stryker resolves it by itself and knows no <rootDir>.
  testEnvironment: './test/support/plain-context-environment.cjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testTimeout: 30_000 * patience,
};

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchAttributeTypes } from '../workflows/search-attributes.ts';
import { startStack } from './stack/stack.ts';
import { findTimeSkippingServer } from './stack/time-skipping-server.ts';

/**
 * `npm test [-- paths and Jest options]`: finds or builds the stack, runs Jest against it and ends with the plain line
 * "N passed, N failed". The servers live as long as this process.
 */
async function main(): Promise<number> {
  const log = (line: string): void => console.error(line);
  const stack = await startStack({ log, searchAttributes: searchAttributeTypes });
  try {
    const timeSkipping = await findTimeSkippingServer(log);
    return await runJest({
      MONGODB_URI: stack.mongodb.uri,
      TEMPORAL_ADDRESS: stack.temporal.address,
      TEMPORAL_TEST_SERVER: timeSkipping.path,
    });
  } finally {
    await stack.stop();
  }
}

async function runJest(env: Readonly<Record<string, string>>): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-test-'));
  const report = join(folder, 'report.json');
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    // Documents of the database live for moments: a tenth less time for the collector. The workers inherit it.
    '--max-semi-space-size=64',
    jest,
    '--maxWorkers=2',
    '--json',
    `--outputFile=${report}`,
    ...process.argv.slice(2),
  ];
  // Jest writes its own progress to stderr; with --json its stdout is only the report again.
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, TZ: 'UTC', ...env },
  });
  // Whoever ends us ends Jest: it would go on for as long as its tests take, without servers.
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => child.kill('SIGTERM'));
  const code = await new Promise<number>((resolve) => child.once('exit', (exit) => resolve(exit ?? 1)));
  const { passed, failed } = await readReport(report);
  await rm(folder, { recursive: true, force: true });
  console.log(`${passed} passed, ${failed} failed`);
  return code;
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** A test file that could not even be loaded counts as one failure: its tests did not run. */
async function readReport(path: string): Promise<{ passed: number; failed: number }> {
  try {
    const report = JSON.parse(await readFile(path, 'utf8')) as JestReport;
    return { passed: report.numPassedTests, failed: report.numFailedTests + report.numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

process.exitCode = await main();

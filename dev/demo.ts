import { parseArgs } from 'node:util';
import { failureReport, jsonLines, runDemo, textReport, wentWell } from './demo/run-demo.ts';
import { startSystem } from './system/start-system.ts';

/**
 * `npm run demo [-- --keep] [--json] [--verbose]`: starts everything, places the samples, prints what became of them and
 * whether the books balance. Exit status 1 when anything is not as the samples say.
 */
const { values } = parseArgs({
  options: {
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

async function main(): Promise<boolean> {
  const log = (line: string): void => console.error(line);
  const started = Date.now();
  const system = await startSystem({ log, ui: true, isolated: true, ...(values.verbose ? { onLine: log } : {}) });
  const asked = untilAskedToStop();
  try {
    const result = await Promise.race([runDemo(system, log), asked.stopped]);
    if (result === null) return false;
    console.log(values.json ? jsonLines(result, system) : textReport(result, system));
    for (const line of failureReport(result, system)) log(line);
    log(`${wentWell(result) ? 'everything as expected' : 'NOT as expected'}, ${seconds(started)} s`);
    if (values.keep) {
      log('everything stays up; Ctrl-C ends it');
      await asked.stopped;
    }
    return wentWell(result);
  } finally {
    asked.dispose();
    await system.stop();
  }
}

/** Ctrl-C, or the end of whoever started us. */
function untilAskedToStop(): { readonly stopped: Promise<null>; readonly dispose: () => void } {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let stop: () => void = () => undefined;
  const stopped = new Promise<null>((resolve) => {
    stop = () => resolve(null);
  });
  for (const signal of signals) process.once(signal, stop);
  return { stopped, dispose: () => signals.forEach((signal) => process.off(signal, stop)) };
}

const seconds = (since: number): string => ((Date.now() - since) / 1000).toFixed(1);

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

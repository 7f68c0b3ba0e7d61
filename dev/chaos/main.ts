import { parseArgs } from 'node:util';
import { startSystem } from '../system/start-system.ts';
import { planChaos } from './plan.ts';
import { planRefundChaos } from './refund-plan.ts';
import { renderRefundReport, renderReport, renderSubscriptionReport } from './report.ts';
import { runChaos } from './run-chaos.ts';
import { runRefundChaos } from './run-refund-chaos.ts';
import { runSubscriptionChaos } from './run-subscription-chaos.ts';
import { planSubscriptionChaos } from './subscription-plan.ts';

/**
 * `npm run test:chaos [-- --runs N] [--seed N] [--kills N] [--only order|refund|bulk-refund|subscription] [--no-faults]`: places N orders on a system of
 * its own while the worker is killed and partners fail, and checks that nothing was lost or doubled. The seed decides
 * orders, kills and faults (plan.ts); which step of which order they meet is up to the operating system. Exit 1 when an
 * invariant is violated, 2 when it is called wrongly.
 */
const usage =
  'usage: npm run test:chaos -- [--runs N] [--seed N] [--kills N] [--only order|refund|bulk-refund|subscription] [--no-faults] [--keep]';
const ordersPerKill = 8;
const patienceMs = 420_000;
/** Processes that there are plans for. */
const areas = ['order', 'refund', 'bulk-refund', 'subscription'];

function readArguments() {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '100' },
      seed: { type: 'string' },
      kills: { type: 'string' },
      only: { type: 'string', default: 'order' },
      'no-faults': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const runs = Number(values.runs);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const kills = Number(values.kills ?? Math.max(3, Math.round(runs / ordersPerKill)));
  const whole = [runs, seed, kills].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!whole || runs === 0 || !areas.includes(values.only)) throw new Error(usage);
  return { seed, orders: runs, kills, faulty: !values['no-faults'], keep: values.keep, only: values.only };
}

async function main(): Promise<number> {
  const { keep, only, ...request } = readArguments();
  console.log(`seed ${request.seed}: ${request.orders} orders, ${request.kills} kills`);
  const log = (line: string): void => console.error(line);
  const system = await startSystem({ log, ui: keep, isolated: true });
  try {
    if (only === 'subscription') {
      const plan = planSubscriptionChaos(request);
      const report = await runSubscriptionChaos({ system, plan, log, patienceMs });
      console.log(renderSubscriptionReport(report, request.seed));
      return report.violations.length === 0 ? 0 : 1;
    }
    if (only !== 'order') {
      const inBulk = only === 'bulk-refund';
      const report = await runRefundChaos({ system, plan: planRefundChaos(request), inBulk, log, patienceMs });
      console.log(renderRefundReport(report, request.seed));
      return report.violations.length === 0 ? 0 : 1;
    }
    const report = await runChaos({ system, plan: planChaos(request), log, patienceMs });
    console.log(renderReport(report));
    if (keep && report.violations.length > 0) await untilInterrupted(system.stack.temporal.uiUrl ?? '', system.sandbox);
    return report.violations.length === 0 ? 0 : 1;
  } finally {
    await system.stop();
  }
}

async function untilInterrupted(temporalUi: string, sandbox: string): Promise<void> {
  console.log(`Temporal UI ${temporalUi}, sandbox ${sandbox}. Ctrl-C ends it.`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    console.error(message);
    process.exitCode = message === usage ? 2 : 1;
  },
);

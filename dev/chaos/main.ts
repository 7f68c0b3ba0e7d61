import { parseArgs } from 'node:util';
import { startSystem } from '../system/start-system.ts';
import type { RunRequest } from './harness.ts';
import { planChaos } from './plan.ts';
import { planRefundChaos } from './refund-plan.ts';
import { renderRefundReport, renderReport, renderSubscriptionReport } from './report.ts';
import { runChaos } from './run-chaos.ts';
import { runRefundChaos } from './run-refund-chaos.ts';
import { runSubscriptionChaos } from './run-subscription-chaos.ts';
import { planSubscriptionChaos } from './subscription-plan.ts';

/**
 * `npm run test:chaos [-- --runs N] [--seed N] [--kills N] [--only order|refund|bulk-refund|subscription] [--no-faults]`:
 * plays N orders, refunds or subscriptions on a system of its own while the worker is killed and partners fail, and checks
 * that nothing was lost or doubled. The seed decides what is done, kills and faults (*plan.ts); which step they meet is up
 * to the operating system. Exit 1 when an invariant is violated, 2 when it is called wrongly.
 */
const usage =
  'usage: npm run test:chaos -- [--runs N] [--seed N] [--kills N] [--only order|refund|bulk-refund|subscription] [--no-faults] [--keep]';
const runsPerKill = 8;

/** How long the last orders and refunds take, after the last kill. */
const patienceMs = 420_000;
/** Two looks at a charge whose outcome is unknown, after 5 and 15 minutes, in case that asking for them does not help. */
const subscriptionPatienceMs = 25 * 60_000;

interface Asked {
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
  readonly faulty: boolean;
}

interface Outcome {
  readonly text: string;
  readonly violations: number;
}

type Play = (request: Asked, run: Pick<RunRequest, 'system' | 'log'>) => Promise<Outcome>;

const refunds =
  (inBulk: boolean): Play =>
  async (request, run) => {
    const report = await runRefundChaos({ ...run, patienceMs, inBulk, plan: planRefundChaos(request) });
    return { text: renderRefundReport(report, request.seed), violations: report.violations.length };
  };

/** Processes that there are plans for. */
const plays: ReadonlyMap<string, Play> = new Map<string, Play>([
  [
    'order',
    async (request, run) => {
      const report = await runChaos({ ...run, patienceMs, plan: planChaos(request) });
      return { text: renderReport(report), violations: report.violations.length };
    },
  ],
  ['refund', refunds(false)],
  ['bulk-refund', refunds(true)],
  [
    'subscription',
    async (request, run) => {
      const plan = planSubscriptionChaos(request);
      const report = await runSubscriptionChaos({ ...run, patienceMs: subscriptionPatienceMs, plan });
      return { text: renderSubscriptionReport(report, request.seed), violations: report.violations.length };
    },
  ],
]);

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
  const orders = Number(values.runs);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const kills = Number(values.kills ?? Math.max(3, Math.round(orders / runsPerKill)));
  const whole = [orders, seed, kills].every((value) => Number.isSafeInteger(value) && value >= 0);
  const play = plays.get(values.only);
  if (!whole || orders === 0 || play === undefined) throw new Error(usage);
  const request: Asked = { seed, orders, kills, faulty: !values['no-faults'] };
  return { request, play, only: values.only, keep: values.keep };
}

async function main(): Promise<number> {
  const { request, play, only, keep } = readArguments();
  console.log(`seed ${request.seed}: ${request.orders} × ${only}, ${request.kills} kills`);
  const log = (line: string): void => console.error(line);
  const system = await startSystem({ log, ui: keep, isolated: true });
  try {
    const { text, violations } = await play(request, { system, log });
    console.log(text);
    if (keep && violations > 0) await untilInterrupted(system.stack.temporal.uiUrl ?? '', system.sandbox);
    return violations === 0 ? 0 : 1;
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

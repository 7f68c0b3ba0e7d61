import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { BundleOptions, WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { WorkflowQueue } from '../workflows/task-queues.ts';

const entry = (name: string): string => fileURLToPath(new URL(`../workflows/${name}.ts`, import.meta.url));

/** The entry of each queue's bundle: a cached workflow loads only its own kind. */
export const bundleEntries = {
  orders: entry('orders.bundle'),
  subscriptions: entry('subscriptions.bundle'),
  books: entry('books.bundle'),
} as const satisfies Record<WorkflowQueue, string>;

/** Every workflow type in one: for replays and tests. */
const everyWorkflow = entry('index');

const logger = { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error };

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

const swcOptions = {
  sourceMap: true,
  minify: true,
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript' },
    minify: { compress: false, mangle: false, format: { comments: false } },
  },
};

/**
 * The SDK compiles workflows down to ES2017 and keeps every comment; Node 20 runs them as they are written. Every cached
 * workflow loads the bundle, so what is not in it is saved once per workflow.
 */
function compileForNode20(config: WebpackConfig): WebpackConfig {
  const rules = config.module?.rules?.map((rule) => {
    if (rule === null || typeof rule !== 'object' || !(rule.test instanceof RegExp) || !rule.test.test('.ts'))
      return rule;
    const { use } = rule;
    return use !== null && typeof use === 'object' && !Array.isArray(use)
      ? { ...rule, use: { ...use, options: swcOptions } }
      : rule;
  });
  // One scope for our own modules instead of a wrapper around each: most of what they weigh.
  const optimization = { ...config.optimization, concatenateModules: true, providedExports: true, usedExports: true };
  return { ...config, optimization, module: { ...config.module, ...(rules === undefined ? {} : { rules }) } };
}

/** Bundles the workflows of one entry; about a second. Production does it once per build. */
export function bundleWorkflows(path: string = everyWorkflow): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath: path, logger, webpackConfigHook: compileForNode20 });
}

/** Side by side, one bundle per queue. */
export async function bundleEveryQueue() {
  const [orders, subscriptions, books] = await Promise.all([
    bundleWorkflows(bundleEntries.orders),
    bundleWorkflows(bundleEntries.subscriptions),
    bundleWorkflows(bundleEntries.books),
  ]);
  return { orders, subscriptions, books };
}

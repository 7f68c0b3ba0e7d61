import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { BundleOptions, WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** The one entry of the workflow bundle. */
export const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

const logger = { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error };

type WebpackConfig = Parameters<NonNullable<BundleOptions['webpackConfigHook']>>[0];

const swcOptions = {
  sourceMap: true,
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
  return { ...config, module: { ...config.module, ...(rules === undefined ? {} : { rules }) } };
}

/** Bundles the workflows; about a second. Production does it once per build. */
export function bundleWorkflows(path = workflowsPath): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath: path, logger, webpackConfigHook: compileForNode20 });
}

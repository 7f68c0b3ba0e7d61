import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { bundleWorkflows } from '../../workers/workflow-bundle.ts';

// Goal: every cached workflow loads the bundle, so it holds our own few lines and no library beside Temporal's.

let ours = '';
let nothing = '';

beforeAll(async () => {
  const noop = fileURLToPath(new URL('../../dev/bench/noop.workflow.ts', import.meta.url));
  const bundles = await Promise.all([bundleWorkflows(), bundleWorkflows(noop)]);
  // Without the source map that is appended to it, which is loaded by nobody's sandbox.
  [ours = '', nothing = ''] = bundles.map(({ code }) => code.replace(/\/\/# sourceMappingURL=.*$/s, ''));
}, 60_000);

/** Modules of libraries; which parts of Temporal's own are used differs from workflow to workflow. */
const librariesIn = (code: string): string[] =>
  [...code.matchAll(/\n\/\*{3}\/ "(\.\/node_modules\/(?!@temporalio\/)[^"]+)"/g)].map(([, path]) => path ?? '');

describe('the workflow bundle', () => {
  it('holds no library that the bundle of a workflow that does nothing does not hold', () => {
    const known = librariesIn(nothing);
    expect(known).not.toHaveLength(0);
    expect(librariesIn(ours).filter((path) => !known.includes(path))).toEqual([]);
  });

  it('is at most 1.3 times as large', () => {
    expect(ours.length / nothing.length).toBeLessThanOrEqual(1.3);
  });
});

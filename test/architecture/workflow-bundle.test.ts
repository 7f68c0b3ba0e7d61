import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { bundleEntries, bundleWorkflows } from '../../workers/workflow-bundle.ts';
import * as books from '../../workflows/books.bundle.ts';
import * as every from '../../workflows/index.ts';
import * as orders from '../../workflows/orders.bundle.ts';
import * as subscriptions from '../../workflows/subscriptions.bundle.ts';
import type { WorkflowQueue } from '../../workflows/task-queues.ts';

// Goal: every cached workflow loads the bundle of its queue, so it holds our own few lines and no library beside
// Temporal's.

const queues = Object.keys(bundleEntries) as readonly WorkflowQueue[];
const codes = new Map<WorkflowQueue, string>();
let nothing = '';

/** Without the source map that is appended to it, which is loaded by nobody's sandbox. */
async function codeOf(entry: string): Promise<string> {
  return (await bundleWorkflows(entry)).code.replace(/\/\/# sourceMappingURL=.*$/s, '');
}

beforeAll(async () => {
  nothing = await codeOf(fileURLToPath(new URL('../../dev/bench/noop.workflow.ts', import.meta.url)));
  for (const queue of queues) codes.set(queue, await codeOf(bundleEntries[queue]));
}, 60_000);

/** Modules of libraries, by themselves or joined with ours; which parts of Temporal's own are used differs from workflow to workflow. */
const librariesIn = (code: string): string[] =>
  [...code.matchAll(/\n(?:\/\*{3}\/ "|;\/\/ )(\.\/node_modules\/(?!@temporalio\/)[^"\n]+)/g)].map(
    ([, path]) => path ?? '',
  );

describe.each(queues)('the workflow bundle of %s', (queue) => {
  it('holds no library that the bundle of a workflow that does nothing does not hold', () => {
    const known = librariesIn(nothing);
    expect(known).not.toHaveLength(0);
    expect(librariesIn(codes.get(queue) ?? '').filter((path) => !known.includes(path))).toEqual([]);
  });

  it('is at most 1.3 times as large', () => {
    expect((codes.get(queue) ?? '').length / nothing.length).toBeLessThanOrEqual(1.3);
  });
});

describe('the queues', () => {
  it('share every workflow type among them, and none is on two', () => {
    const shared = [orders, subscriptions, books].flatMap((bundle) => Object.keys(bundle));
    expect(shared.sort()).toEqual(Object.keys(every).sort());
  });
});

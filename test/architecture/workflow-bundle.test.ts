import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { bundleWorkflows } from '../../workers/workflow-bundle.ts';

describe('the workflow bundle', () => {
  it('is at most 1.3 times the bundle of a workflow that does nothing', async () => {
    const noop = fileURLToPath(new URL('../../dev/bench/noop.workflow.ts', import.meta.url));
    const [ours, nothing] = await Promise.all([bundleWorkflows(), bundleWorkflows(noop)]);
    // Without the source map that is appended to it, which is loaded by nobody's sandbox.
    const size = ({ code }: { code: string }): number => code.replace(/\/\/# sourceMappingURL=.*$/s, '').length;
    expect(size(ours) / size(nothing)).toBeLessThanOrEqual(1.3);
  });
});

import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { addSearchAttributes } from '../../dev/stack/search-attributes.ts';
import { findTimeSkippingServer } from '../../dev/stack/time-skipping-server.ts';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

describe('the time-skipping server', () => {
  it('lets a year pass at once', async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    const { path } = await findTimeSkippingServer(() => undefined);
    const environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
    try {
      expect(await addSearchAttributes(environment.connection, { StackTest: 'Keyword' })).toEqual(['StackTest']);
      expect(await addSearchAttributes(environment.connection, { StackTest: 'Keyword' })).toEqual([]);
      const before = await environment.currentTimeMs();
      const worker = await Worker.create({
        connection: environment.nativeConnection,
        taskQueue: 'stack-test',
        workflowsPath: fileURLToPath(new URL('./workflows/long-sleep.ts', import.meta.url)),
      });
      const start = environment.client.workflow.execute('longSleep', {
        taskQueue: 'stack-test',
        workflowId: 'long-sleep',
        searchAttributes: { StackTest: ['x'] },
      });
      expect(await worker.runUntil(start)).toBe('slept');
      expect(await environment.currentTimeMs()).toBeGreaterThanOrEqual(before + YEAR_MS);
    } finally {
      await environment.teardown();
    }
  });
});

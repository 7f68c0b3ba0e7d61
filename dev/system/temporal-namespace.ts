import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { addSearchAttributes } from '../stack/search-attributes.ts';
import type { SearchAttributes } from '../stack/search-attributes.ts';

const readyMs = 60_000;
const retention = '1 day';

export interface NamespaceRequest {
  /** `host:port` of the server. */
  readonly address: string;
  readonly namespace: string;
  readonly searchAttributes: SearchAttributes;
}

/** Registers a namespace and resolves when workflows with those search attributes can run in it. */
export async function registerNamespace({ address, namespace, searchAttributes }: NamespaceRequest): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      description: 'A system of its own on a shared server (dev/system)',
      workflowExecutionRetentionPeriod: msToTs(retention),
    });
    await untilDone(`namespace ${namespace}`, async () => {
      await addSearchAttributes(connection, searchAttributes, namespace);
      // The parts of the server hear of a namespace and its attributes one after the other; a search needs them all.
      for (const name of Object.keys(searchAttributes))
        await connection.workflowService.listWorkflowExecutions({ namespace, query: `${name} IS NOT NULL` });
    });
  } finally {
    await connection.close();
  }
}

/** Lets go of it; the server clears it away in its own time. A server that is gone already has done so. */
export async function removeNamespace(address: string, namespace: string): Promise<void> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 2_000 });
    await connection.operatorService.deleteNamespace({ namespace }).finally(() => connection.close());
  } catch {
    // Nothing depends on it: its name is never used again.
  }
}

async function untilDone(what: string, attempt: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + readyMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`${what} was not ready in ${readyMs / 1000} s`, { cause: error });
      await sleep(200);
    }
  }
}

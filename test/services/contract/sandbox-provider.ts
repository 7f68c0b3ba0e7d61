import { z } from 'zod';
import { createSandbox } from '../../../dev/sandbox/create-sandbox.ts';
import { sandboxApiKey } from '../../../dev/sandbox/sandbox-key.ts';
import type { FaultRequest } from '../../../dev/sandbox/faults.ts';
import type { ProviderUnderTest } from './payment-gateway.contract.ts';

const readBack = z.array(z.object({ id: z.string(), attempts: z.number() }));

export interface SandboxUnderTest extends ProviderUnderTest {
  readonly apiKey: string;
}

/** A sandbox of its own, spoken to over HTTP as from another process. */
export async function openSandbox(partner: FaultRequest['partner']): Promise<SandboxUnderTest> {
  const sandbox = await createSandbox();
  const send = async (method: string, path: string, body?: object) => {
    const answer = await fetch(sandbox.url + path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  return {
    url: sandbox.url,
    apiKey: sandboxApiKey,
    fault: async (fault) => void (await send('POST', '/faults', { ...fault, partner })),
    clearFaults: async () => void (await send('DELETE', '/faults')),
    act: async (path) => void (await send('POST', path)),
    payments: async (reference) =>
      readBack.parse(await (await send('GET', `/payments?reference=${encodeURIComponent(reference)}`)).json()),
    close: () => sandbox.close(),
  };
}

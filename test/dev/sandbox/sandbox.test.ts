import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createSandbox } from '../../../dev/sandbox/create-sandbox.ts';
import { sandboxApiKey } from '../../../dev/sandbox/sandbox-key.ts';
import type { Sandbox } from '../../../dev/sandbox/create-sandbox.ts';
import { gatewayRegistry } from '../../../services/payment/gateway-registry.ts';

describe('the sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await createSandbox();
  });
  afterAll(() => sandbox.close());

  const acquirer = () =>
    gatewayRegistry.acquirer_a.create({ baseUrl: sandbox.url, apiKey: sandboxApiKey, timeoutMs: 5_000 });
  const charge = (reference: string, token: string) => ({
    key: `order/${reference}/charge/1`,
    reference,
    amount: { amount: 1_000, currency: 'EUR' },
    method: 'card',
    token,
    returnUrl: 'https://shop.example/back',
  });
  const json = async (path: string): Promise<unknown> => (await fetch(sandbox.url + path)).json();

  it('reads payments back by reference, in minor units', async () => {
    const { paymentId } = await acquirer().authorize(charge('ord_1', 'tok_ok'));
    const euros = (amount: number) => ({ amount, currency: 'EUR' });
    await acquirer().capture({ key: 'c', paymentId, amount: euros(1_000) });
    await acquirer().refund({ key: 'r', paymentId, amount: euros(300) });
    await acquirer().authorize(charge('ord_2', 'tok_funds'));
    expect(await json('/payments?reference=ord_1')).toMatchObject([
      {
        id: paymentId,
        acquirer: 'acquirer_a',
        reference: 'ord_1',
        authorized: 1_000,
        captured: 1_000,
        refunded: 300,
        currency: 'EUR',
        attempts: 1,
      },
    ]);
    expect(await json('/payments?reference=ord_2')).toMatchObject([{ authorized: 0, captured: 0 }]);
    expect(await json('/payments?reference=ord_3')).toEqual([]);
  });

  it('answers tok_slow after three seconds', async () => {
    const start = performance.now();
    expect(await acquirer().authorize(charge('ord_slow', 'tok_slow'))).toMatchObject({ status: 'authorized' });
    expect(performance.now() - start).toBeGreaterThan(2_900);
  });

  it('takes a browser through 3-D Secure and back to the shop', async () => {
    const asked = await acquirer().authorize(charge('ord_3ds', 'tok_3ds'));
    if (asked.status !== 'action_required') throw new Error(asked.status);
    const page = await (await fetch(asked.actionUrl)).text();
    const action = /action="(\/3ds\/[^"]+\/complete)"/.exec(page)?.[1];
    const answer = await fetch(`${sandbox.url}${action}`, {
      method: 'POST',
      headers: { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' },
      redirect: 'manual',
    });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, 'https://shop.example/back']);
    expect(await acquirer().lookup({ key: charge('ord_3ds', '').key })).toMatchObject({ status: 'authorized' });
  });

  it.each([
    ['/3ds/pay_none/complete', 404],
    ['/disputes/dsp_none/won', 404],
    ['/payments/pay_none/settle', 404],
  ])('knows nothing of %s', async (path, status) => {
    expect((await fetch(sandbox.url + path, { method: 'POST' })).status).toBe(status);
  });

  it('refuses a move that the payment does not allow', async () => {
    const { paymentId } = await acquirer().authorize(charge('ord_4', 'tok_ok'));
    for (const path of [`/payments/${paymentId}/settle`, `/3ds/${paymentId}/fail`])
      expect((await fetch(sandbox.url + path, { method: 'POST' })).status).toBe(409);
  });

  it('lets nobody in without the key, and says what is wrong with a request', async () => {
    const post = async (headers: Record<string, string>, body: string) =>
      (await fetch(`${sandbox.url}/acquirers/acquirer_a/payments`, { method: 'POST', headers, body })).status;
    const type = { 'content-type': 'application/json' };
    const key = { ...type, authorization: `Bearer ${sandboxApiKey}` };
    expect(await post(type, '{}')).toBe(401);
    expect(await post(key, '{}')).toBe(400);
    expect(await post(key, '{')).toBe(400);
  });

  it('runs as a process that says where it is and ends when asked to', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'dev/sandbox/main.ts', '--json'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = z.tuple([z.string()]).parse(await once(createInterface(child.stdout), 'line'));
    const ready = z.object({ sandbox: z.url(), inbox: z.url(), smtp: z.string() }).parse(JSON.parse(line));
    expect(await (await fetch(`${ready.sandbox}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${ready.inbox}/messages`)).json()).toEqual([]);
    expect(ready.smtp).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+$/);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

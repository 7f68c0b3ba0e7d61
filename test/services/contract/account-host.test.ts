import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandboxAccountHost } from '../../../services/delivery/adapters/sandbox-account-host/sandbox-account-host.host.ts';
import type { AccountHost } from '../../../services/delivery/account-host.ts';
import { openSandbox } from './sandbox-provider.ts';
import type { SandboxUnderTest } from './sandbox-provider.ts';

/** What every adapter of AccountHost must do. */
describe('the account host of the sandbox', () => {
  let sandbox: SandboxUnderTest;
  let host: AccountHost;
  const wanted = () => ({
    key: `order/ord_${randomUUID()}/line/1/account`,
    email: 'kati@example.com',
    plan: 'pro',
    seats: 3,
  });

  beforeAll(async () => {
    sandbox = await openSandbox('account_host');
    host = createSandboxAccountHost({ baseUrl: sandbox.url, apiKey: sandbox.apiKey, timeoutMs: 300 });
  });
  beforeEach(() => sandbox.clearFaults());
  afterAll(() => sandbox.close());

  it('switches an account on, and answers a repeated key with the same one', async () => {
    const request = wanted();
    const account = await host.activate(request);
    expect(account.loginUrl).toMatch(/^http/);
    expect(await host.activate(request)).toEqual(account);
    expect((await host.activate(wanted())).accountId).not.toBe(account.accountId);
  });

  it('refuses the same key with other settings', async () => {
    const request = wanted();
    await host.activate(request);
    await expect(host.activate({ ...request, seats: 4 })).rejects.toMatchObject({ code: 'delivery.account_refused' });
  });

  it('refuses a plan that the host does not have, without repeating the address', async () => {
    const refusal = await host.activate({ ...wanted(), plan: 'plan_refused' }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'delivery.account_refused' });
    expect(String(refusal)).not.toContain('kati@');
  });

  it('switches an account off, once and again, and does not switch it on by a late repeat', async () => {
    const request = wanted();
    await host.activate(request);
    await host.deactivate({ key: request.key });
    await host.deactivate({ key: request.key });
    await expect(host.activate(request)).rejects.toMatchObject({ code: 'delivery.account_refused' });
  });

  it('limits an account to fewer seats and to nobody, repeats that without effect, and lets everybody in again', async () => {
    const request = wanted();
    const account = await host.activate(request);
    const limited = { key: request.key, seats: 1, state: 'suspended' } as const;
    await host.adjust(limited);
    await host.adjust(limited);
    await host.adjust({ key: request.key, seats: 3, state: 'active' });
    expect(await host.activate(request)).toEqual(account);
    await expect(host.adjust({ ...limited, seats: 4 })).rejects.toMatchObject({ code: 'delivery.account_refused' });
  });

  it('limits nothing where there is no account, or where it was closed', async () => {
    const request = wanted();
    const limited = { key: request.key, seats: 1, state: 'active' } as const;
    await expect(host.adjust(limited)).resolves.toBeUndefined();
    await host.activate(request);
    await host.deactivate({ key: request.key });
    await expect(host.adjust(limited)).resolves.toBeUndefined();
    await expect(host.activate(request)).rejects.toMatchObject({ code: 'delivery.account_refused' });
  });

  it('does nothing when the account to switch off never was', async () => {
    await expect(host.deactivate({ key: 'order/none/line/1/account' })).resolves.toBeUndefined();
  });

  it.each(['error', 'timeout', 'lost_response', 'slow'] as const)(
    'is unavailable on %s, and the repeated call makes one account',
    async (kind) => {
      await sandbox.fault({ kind, times: 1 });
      const request = wanted();
      await expect(host.activate(request)).rejects.toMatchObject({ code: 'delivery.account_host_unavailable' });
      const account = await host.activate(request);
      expect(await host.activate(request)).toEqual(account);
      await sandbox.fault({ kind, times: 1 });
      await expect(host.deactivate({ key: request.key })).rejects.toMatchObject({
        code: 'delivery.account_host_unavailable',
      });
      await expect(host.deactivate({ key: request.key })).resolves.toBeUndefined();
    },
  );

  it('is unavailable when nobody listens', async () => {
    const nobody = createSandboxAccountHost({ baseUrl: 'http://127.0.0.1:1', apiKey: 'x', timeoutMs: 300 });
    await expect(nobody.activate(wanted())).rejects.toMatchObject({ code: 'delivery.account_host_unavailable' });
  });
});

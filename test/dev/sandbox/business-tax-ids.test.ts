import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSandbox } from '../../../dev/sandbox/create-sandbox.ts';
import { sandboxApiKey } from '../../../dev/sandbox/sandbox-key.ts';
import type { Sandbox } from '../../../dev/sandbox/create-sandbox.ts';
import { createSandboxBusinessTaxIds } from '../../../services/tax/adapters/sandbox-business-tax-ids/sandbox-business-tax-ids.checker.ts';

describe("the sandbox's register of business tax ids", () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await createSandbox();
  });
  afterAll(() => sandbox.close());

  const says = async (country: string, businessTaxId: string): Promise<string> => {
    const register = createSandboxBusinessTaxIds({ baseUrl: sandbox.url, apiKey: sandboxApiKey, timeoutMs: 5_000 });
    return (await register.check({ country, businessTaxId })).status;
  };
  const tell = (id: string, body: object) =>
    fetch(`${sandbox.url}/business-tax-ids/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('has three numbers with an answer of their own', async () => {
    expect(await says('FR', 'FR40303265045')).toBe('confirmed');
    expect(await says('DE', 'DE136695976')).toBe('unknown');
    expect(await says('IT', 'IT00159560366')).toBe('unavailable');
  });

  it('can be told what to say of a number from now on, and says of no malformed one that it is valid', async () => {
    expect((await tell('IT00159560366', { status: 'confirmed' })).status).toBe(200);
    expect(await says('IT', 'IT00159560366')).toBe('confirmed');
    await tell('FR40303265045', { status: 'unavailable' });
    expect(await says('FR', 'FR40303265045')).toBe('unavailable');
    await tell('DE123', { status: 'confirmed' });
    expect(await says('DE', 'DE123')).toBe('unknown');
  });

  it('refuses what it cannot be told', async () => {
    expect((await tell('IT00159560366', { status: 'perhaps' })).status).toBe(400);
    expect((await tell('not-an-id', { status: 'unknown' })).status).toBe(400);
  });
});

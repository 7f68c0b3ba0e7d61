import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSandboxBusinessTaxIds } from '../../../services/tax/adapters/sandbox-business-tax-ids/sandbox-business-tax-ids.checker.ts';
import type { BusinessTaxIdChecker } from '../../../services/tax/business-tax-id-checker.ts';
import { openSandbox } from './sandbox-provider.ts';
import type { SandboxUnderTest } from './sandbox-provider.ts';

/** What every adapter of BusinessTaxIdChecker must do. */
describe('the business tax id checker of the sandbox', () => {
  let sandbox: SandboxUnderTest;
  let checker: BusinessTaxIdChecker;

  beforeAll(async () => {
    sandbox = await openSandbox('business_tax_ids');
    checker = createSandboxBusinessTaxIds({ baseUrl: sandbox.url, apiKey: sandbox.apiKey, timeoutMs: 300 });
  });
  beforeEach(() => sandbox.clearFaults());
  afterAll(() => sandbox.close());

  it.each([
    ['FR', 'FR40303265045'],
    ['FR', 'fr 40 303 265 045'],
    ['FR', '40303265045'],
    ['GR', 'EL094259216'],
    ['GR', 'GR094259216'],
    ['DE', 'DE111111125'],
  ])('confirms %s %s with a consultation number', async (country, businessTaxId) => {
    const answer = await checker.check({ country, businessTaxId });
    expect(answer).toEqual({ status: 'confirmed', consultationNumber: expect.stringMatching(/^WAPI[0-9A-F]{12}$/) });
  });

  it.each([
    ['DE', 'DE136695976'],
    ['FR', 'FR00000000000'],
    ['DE', 'x'],
    ['DE', ''],
  ])('does not know %s %s', async (country, businessTaxId) => {
    expect(await checker.check({ country, businessTaxId })).toEqual({ status: 'unknown' });
  });

  it('is unavailable when the register of the member state is', async () => {
    expect(await checker.check({ country: 'IT', businessTaxId: 'IT00159560366' })).toEqual({
      status: 'unavailable',
      reason: 'MS_UNAVAILABLE',
    });
  });

  it.each(['error', 'timeout', 'lost_response', 'slow'] as const)(
    'is unavailable, never an error, on %s',
    async (kind) => {
      await sandbox.fault({ kind });
      expect(await checker.check({ country: 'FR', businessTaxId: 'FR40303265045' })).toMatchObject({
        status: 'unavailable',
      });
    },
  );

  it('is unavailable when nobody listens or the key is refused', async () => {
    const broken = [
      createSandboxBusinessTaxIds({ baseUrl: 'http://127.0.0.1:1', apiKey: sandbox.apiKey, timeoutMs: 300 }),
      createSandboxBusinessTaxIds({ baseUrl: sandbox.url, apiKey: 'wrong', timeoutMs: 300 }),
    ];
    for (const one of broken)
      expect(await one.check({ country: 'FR', businessTaxId: 'FR40303265045' })).toMatchObject({
        status: 'unavailable',
      });
  });
});

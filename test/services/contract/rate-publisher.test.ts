import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createEcbPublisher } from '../../../services/exchange-rates/adapters/ecb/ecb.publisher.ts';
import { toPublications } from '../../../services/exchange-rates/adapters/ecb/ecb.mapping.ts';
import { ecbFile } from '../exchange-rates/publisher-file.ts';
import { openSandbox } from './sandbox-provider.ts';
import type { SandboxUnderTest } from './sandbox-provider.ts';

describe('the publisher of the sandbox, read as the European Central Bank', () => {
  let sandbox: SandboxUnderTest;
  const publisher = () => createEcbPublisher({ baseUrl: `${sandbox.url}/exchange-rates`, timeoutMs: 400 });

  beforeAll(async () => {
    sandbox = await openSandbox('exchange_rates');
  });
  beforeEach(() => sandbox.clearFaults());
  afterAll(() => sandbox.close());

  it('has a day per working day of the last 90, oldest first, and the newest alone', async () => {
    const days = await publisher().read('last_90_days');
    expect(days.length).toBeGreaterThanOrEqual(62);
    expect(days.map(({ date }) => date)).toEqual(days.map(({ date }) => date).sort());
    expect(await publisher().read('newest')).toEqual([days.at(-1)]);
    expect(Date.now() - Date.parse(days.at(-1)?.date ?? '')).toBeLessThan(3 * 86_400_000);
  });

  it('has plausible rates that never jump', async () => {
    for (const { base, rates } of await publisher().read('last_90_days')) {
      expect(base).toBe('EUR');
      expect(Number(rates['USD'])).toBeGreaterThan(1.05);
      expect(Number(rates['USD'])).toBeLessThan(1.15);
      expect(rates['JPY']).toMatch(/^1\d\d\.\d\d$/);
    }
  });

  it.each(['error', 'timeout', 'lost_response'] as const)(
    'is unavailable when it answers with the fault %s',
    async (kind) => {
      await sandbox.fault({ kind, times: 1 });
      await expect(publisher().read('newest')).rejects.toMatchObject({ code: 'exchange_rates.unavailable' });
      expect(await publisher().read('newest')).toHaveLength(1);
    },
  );
});

describe('the file of the European Central Bank', () => {
  const good = ecbFile({ '2026-11-20': { USD: '1.0812', JPY: '162.33' }, '2026-11-19': { USD: '1.0800' } });

  it.each(["'", '"'] as const)('is read with %s around its values, as its two files have it', (quote) => {
    expect(toPublications(ecbFile({ '2026-11-20': { USD: '1.0812' } }, quote))).toEqual([
      {
        source: 'ECB euro foreign exchange reference rates',
        date: '2026-11-20',
        base: 'EUR',
        rates: { USD: '1.0812' },
      },
    ]);
  });

  it('is sorted by day', () => {
    expect(toPublications(good).map(({ date }) => date)).toEqual(['2026-11-19', '2026-11-20']);
  });

  it.each([
    ['nothing', ''],
    ['a page of HTML', '<html><body>Service unavailable</body></html>'],
    ['half of it', good.slice(0, good.length / 2)],
    ['no days', ecbFile({})],
    ['a day without rates', ecbFile({ '2026-11-20': {} })],
    ['a word for a rate', good.replace('1.0812', 'n/a')],
    ['a comma in a rate', good.replace('1.0812', '1,0812')],
    ['a negative rate', good.replace('1.0812', '-1.0812')],
    ['a rate of zero', good.replace('1.0812', '0.0000')],
    ['an exponent', good.replace('1.0812', '1e3')],
    ['a currency in small letters', good.replace('JPY', 'jpy')],
    ['a currency twice', good.replace('JPY', 'USD')],
    ['a day that is none', good.replace('2026-11-20', '2026-02-30')],
    ['a day twice', good.replace('2026-11-20', '2026-11-19')],
    ['an attribute that nobody knows', good.replace('rate=', 'multiplier="100" rate=')],
    ['a tag that nobody knows', good.replace('<Cube currency="JPY"', '<Note/><Cube currency="JPY"')],
    ['text between the tags', good.replace('<Cube currency="JPY"', 'estimate <Cube currency="JPY"')],
  ])('is unreadable with %s', (_what, file) => {
    expect(() => toPublications(file)).toThrow(expect.objectContaining({ code: 'exchange_rates.unreadable' }));
  });
});

import { describe, expect, it } from '@jest/globals';
import { createStoreCreditService } from '../../../services/store-credit/store-credit-service.ts';
import { createStoreCreditStore } from '../../../services/store-credit/store-credit-store.ts';
import { serveApi } from './api-under-test.ts';

const { api, db } = await serveApi({ stocked: false });
const get = (query: string) => api.call({ url: `/v1/store-credit?${query}` });

describe('store credit', () => {
  it('is read by holder and currency, and 0 where there never was any', async () => {
    const credit = createStoreCreditService({ store: createStoreCreditStore(db) });
    const grant = { holder: 'customer/cus_1', currency: 'EUR', amount: 500, key: 'order/o1/refund/r1' };
    await credit.grant({ ...grant, at: '2026-11-21T10:00:00.000Z' });
    expect((await get('holder=customer/cus_1&currency=EUR')).json()).toEqual({
      ...{ holder: 'customer/cus_1', currency: 'EUR', balance: 500 },
    });
    expect((await get('holder=customer/cus_1&currency=USD')).json()).toMatchObject({ balance: 0 });
    expect((await get('holder=subscription/sub_1&currency=EUR')).json()).toMatchObject({ balance: 0 });
  });

  it('asks for a holder and a currency that there are', async () => {
    for (const [query, path] of [
      ['currency=EUR', 'holder'],
      ['holder=cus_1&currency=EUR', 'holder'],
      ['holder=customer/a/b&currency=EUR', 'holder'],
      ['holder=customer/cus_1&currency=EURO', 'currency'],
    ] as const)
      expect((await get(query)).json()).toMatchObject({ status: 400, errors: [{ path }] });
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { saleEntry } from '../../../domain/ledger/order-entries.ts';
import { subscriptionQuote } from '../../services/revenue/revenue-fixture.ts';
import { serveApi } from './api-under-test.ts';

const at = '2027-01-01T10:00:00.000Z';
const { api } = await serveApi({ stocked: false });

beforeAll(async () => {
  const sale = { orderId: 'ord_year', quote: subscriptionQuote([120_000]) };
  await api.ledger.post(saleEntry({ ...sale, payment: null, at }));
  await api.revenue.open(sale);
});

describe('GET /v1/revenue/schedules', () => {
  it('answers how the lines of an order are earned', async () => {
    const answer = await api.call({ url: '/v1/revenue/schedules?order=ord_year' });
    expect(answer.json()).toEqual([
      {
        ...{ id: 'ord_year/1', order: 'ord_year', line: '1', seller: 'seller_default', currency: 'EUR', net: 120_000 },
        ...{ period: { start: '2027-01-01', end: '2028-01-01' }, soldAt: at, events: [], postedThrough: null },
        ...{ recognised: 0, deferred: 120_000, open: true },
      },
    ]);
  });

  it('answers an empty list for an order without any', async () => {
    expect((await api.call({ url: '/v1/revenue/schedules?order=ord_other' })).json()).toEqual([]);
  });

  it('needs to know which order', async () => {
    const answer = await api.call({ url: '/v1/revenue/schedules' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'request.invalid', errors: [{ path: 'order' }] });
  });
});

describe('GET /v1/revenue/summary', () => {
  it('rolls deferred revenue forward', async () => {
    const answer = await api.call({ url: '/v1/revenue/summary?from=2027-01-01&to=2027-02-01' });
    expect(answer.json()).toEqual([
      {
        ...{ seller: 'seller_default', currency: 'EUR', opening: 0, deferred: 120_000, recognised: 0, refunded: 0 },
        ...{ disputed: 0, other: 0, closing: 120_000, earnedAtSale: 0 },
      },
    ]);
  });

  it.each([
    ['from=2027-01-01', 'to'],
    ['from=2027-02-30&to=2027-03-01', 'from'],
    ['from=2027-03-01&to=2027-03-01', 'to'],
  ])('refuses %s', async (query, path) => {
    const answer = await api.call({ url: `/v1/revenue/summary?${query}` });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'request.invalid', errors: [{ path }] });
  });
});

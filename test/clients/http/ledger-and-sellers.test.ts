import { beforeAll, describe, expect, it } from '@jest/globals';
import { vendorPayoutEntry } from '../../../domain/ledger/settlement-entries.ts';
import { serveApi } from './api-under-test.ts';

const { api } = await serveApi({ stocked: false });

const day = (number: number) => new Date(Date.UTC(2027, 0, number)).toISOString();
const terms = { validFrom: '2027-01-01T01:00:00+01:00', role: 'principal', commissionBasisPoints: 1500, source: 'C 1' };
const books = { name: 'Books', country: 'IE', terms: [terms] };

beforeAll(async () => {
  for (const [payoutId, amount, at] of [
    ['p1', 100, day(1)],
    ['p2', 30, day(2)],
    ['p3', 5, day(3)],
  ] as const)
    await api.ledger.post(vendorPayoutEntry({ sellerId: 'books', payoutId, paid: { amount, currency: 'EUR' }, at }));
});

const get = (url: string) => api.call({ url: `/v1${url}` });

describe('sellers', () => {
  it('are put with their terms and read back', async () => {
    const put = await api.call({ method: 'PUT', url: '/v1/sellers/books', payload: books });
    expect(put.statusCode).toBe(200);
    expect(put.json()).toEqual({
      ...{ id: 'books', name: 'Books', addressLines: [], country: 'IE', taxId: null, locale: 'en' },
      terms: [{ ...terms, validFrom: day(1), validTo: null, fixedFees: [], gatewayFees: 'us' }],
    });
    expect((await get('/sellers/books')).json()).toEqual(put.json());
    expect((await get('/sellers/none')).json()).toMatchObject({ status: 404, code: 'seller.not_found' });
  });

  it('with terms that are wrong, or that rewrite what has begun, are refused by path', async () => {
    const wrong = { ...books, terms: [{ ...terms, commissionBasisPoints: 10_001, role: 'friend' }] };
    const refused = await api.call({ method: 'PUT', url: '/v1/sellers/games', payload: wrong });
    expect(refused.json()).toMatchObject({
      code: 'request.invalid',
      errors: expect.arrayContaining([
        expect.objectContaining({ path: 'terms[0].role' }),
        expect.objectContaining({ path: 'terms[0].commissionBasisPoints' }),
      ]),
    });
    const begun = { ...terms, validFrom: '2020-01-01T00:00:00Z' };
    const old = { method: 'PUT', url: '/v1/sellers/old' };
    expect((await api.call({ ...old, payload: { ...books, terms: [begun] } })).statusCode).toBe(200);
    const rewritten = { ...books, terms: [{ ...begun, commissionBasisPoints: 1 }] };
    expect((await api.call({ ...old, payload: rewritten })).json()).toMatchObject({
      ...{ status: 409, code: 'seller.terms_begun', errors: [{ path: 'terms[0]' }] },
    });
  });

  it('have statements as JSON and as CSV', async () => {
    await api.call({ method: 'PUT', url: '/v1/sellers/books', payload: books });
    const query = `from=${day(2)}&to=${day(3)}&currency=EUR`;
    const statement = (await get(`/sellers/books/statement?${query}`)).json();
    expect(statement).toMatchObject({
      seller: { id: 'books', country: 'IE' },
      notes: [{ code: 'self_billing' }],
      opening: -100,
      lines: [{ fact: 'seller/books/payout/p2', amount: -30, balance: -130 }],
      closing: -130,
    });
    const csv = await get(`/sellers/books/statement.csv?${query}`);
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(csv.headers['content-disposition']).toBe(
      'attachment; filename="statement-books-2027-01-02-2027-01-03-EUR.csv"',
    );
    expect(csv.body).toContain('seller/books/payout/p2,vendor_payout,Payout p2,EUR,0.00,0.00,-0.30,-1.30\r\n');
  });

  it.each([
    ['currency', `from=${day(2)}&to=${day(3)}&currency=eur`],
    ['from', `to=${day(3)}&currency=EUR`],
    ['to', `from=${day(3)}&to=${day(3)}&currency=EUR`],
  ])('have no statement for a period that is no period: %s', async (path, query) => {
    for (const kind of ['statement', 'statement.csv'])
      expect((await get(`/sellers/books/${kind}?${query}`)).json()).toMatchObject({
        ...{ status: 400, code: 'request.invalid', errors: [{ path }] },
      });
  });
});

describe('the ledger', () => {
  it('answers the balances of one account or of a kind, as of a moment', async () => {
    const payable = (balance: number) => [{ account: 'vendor_payable/books', currency: 'EUR', balance }];
    expect((await get('/ledger/balances?account=vendor_payable/books')).json()).toEqual(payable(135));
    expect((await get(`/ledger/balances?account=vendor_payable&at=${day(2)}`)).json()).toEqual(payable(130));
    expect((await get('/ledger/balances?account=revenue')).json()).toEqual([]);
    expect((await get('/ledger/balances')).json()).toContainEqual({ currency: 'EUR', sum: 0 });
    expect((await get('/ledger/balances?account=petty_cash')).json()).toMatchObject({
      ...{ status: 400, code: 'request.invalid', errors: [{ path: 'account' }] },
    });
  });

  it('lists entries page by page', async () => {
    type Page = { items: { fact: string }[]; nextCursor: string | null };
    const first = (await get('/ledger/entries?limit=2')).json<Page>();
    expect(first.items.map(({ fact }) => fact)).toEqual(['seller/books/payout/p1', 'seller/books/payout/p2']);
    const rest = (await get(`/ledger/entries?limit=2&cursor=${first.nextCursor ?? ''}`)).json<Page>();
    expect(rest).toEqual({
      items: [
        {
          ...{ fact: 'seller/books/payout/p3', kind: 'vendor_payout', at: day(3), memo: 'Payout p3' },
          postings: [
            { account: 'vendor_payable/books', currency: 'EUR', amount: 5 },
            { account: 'cash', currency: 'EUR', amount: -5 },
          ],
        },
      ],
      nextCursor: null,
    });
  });

  it('lists the entries of an account and a period, half open', async () => {
    type Page = { items: { fact: string }[] };
    const facts = async (query: string) =>
      (await get(`/ledger/entries?${query}`)).json<Page>().items.map(({ fact }) => fact.slice(-2));
    expect(await facts(`account=cash&from=${day(2)}`)).toEqual(['p2', 'p3']);
    expect(await facts(`account=vendor_payable&to=${day(2)}`)).toEqual(['p1']);
    expect(await facts('account=revenue')).toEqual([]);
    for (const [path, query] of [
      ['to', `from=${day(2)}&to=${day(2)}`],
      ['account', 'account=x'],
      ['cursor', 'cursor=x'],
      ['limit', 'limit=201'],
    ])
      expect((await get(`/ledger/entries?${query}`)).json()).toMatchObject({ status: 400, errors: [{ path }] });
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { attachment } from '../../../clients/http/routes/downloads.routes.ts';
import { facts } from '../../../domain/idempotency.ts';
import { saleEntry } from '../../../domain/ledger/order-entries.ts';
import { pricedQuote } from '../../../domain/order/order-totals.ts';
import { orderBody, pixelEditor, pixelPrice, serveApi } from './api-under-test.ts';

const at = '2026-11-21T10:00:00.000Z';
const open = { authorization: null };
const { api } = await serveApi({ stocked: true });

const put = (url: string, payload: object | string) => api.call({ method: 'PUT', url, payload });

describe('the catalogue', () => {
  it('stores a file of any type byte for byte', async () => {
    for (const [name, type] of [
      ['app.zip', 'application/zip'],
      ['data.json', 'application/json'],
      ['plain', null],
    ] as const) {
      const payload = new Uint8Array([123, 0, 255, 1, 2, 3]);
      const answer = await api.call({
        method: 'PUT',
        url: `/v1/files/${name}`,
        payload,
        headers: { 'content-type': type },
      });
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toEqual({ name, size: 6, sha256: createHash('sha256').update(payload).digest('hex') });
    }
  });

  it('stores an empty file', async () => {
    expect((await api.call({ method: 'PUT', url: '/v1/files/empty.txt' })).json()).toMatchObject({ size: 0 });
  });

  it('answers products, prices and coupons with every field', async () => {
    expect((await put('/v1/products/pixel-editor', pixelEditor)).json()).toEqual({
      ...{ id: 'pixel-editor', sellerId: 'seller_default', name: 'Pixel Editor', taxClass: 'saas' },
      ...{ delivery: [{ method: 'license', pool: null }], components: [] },
    });
    expect((await put('/v1/prices/pixel-eur', pixelPrice)).json()).toEqual({
      id: 'pixel-eur',
      ...pixelPrice,
      currencyOptions: {},
      recurring: null,
    });
    const none = {
      amountOff: null,
      currency: null,
      periods: null,
      maxRedemptions: null,
      validUntil: null,
      products: null,
    };
    expect((await put('/v1/coupons/TEN', { percentOff: '10', duration: 'once' })).json()).toEqual({
      ...{ id: 'TEN', ...none, percentOff: '10', duration: 'once' },
    });
    expect((await put('/v1/coupons/FIVE', { amountOff: 500, currency: 'EUR', duration: 'forever' })).json()).toEqual({
      ...{ id: 'FIVE', ...none, percentOff: null, amountOff: 500, currency: 'EUR', duration: 'forever' },
    });
  });

  it('names the file that a product delivers and nobody stored', async () => {
    const answer = await put('/v1/products/p', {
      ...pixelEditor,
      delivery: [{ method: 'download', file: 'missing.zip' }],
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'catalog.file_unknown', errors: [{ path: 'delivery[0].file' }] });
  });
});

describe('downloads', () => {
  const bytes = new TextEncoder().encode('the bytes that were bought');

  async function link(file: string, lifetime = { at: new Date().toISOString(), ttlSeconds: 900 }): Promise<string> {
    await api.call({ method: 'PUT', url: `/v1/files/${encodeURIComponent(file)}`, payload: bytes });
    const orderId = `ord_${file}`;
    await api.deliveries.deliver({
      ...{ orderId, line: '1', product: 'p', quantity: 1, customerEmail: 'ada@example.com', at },
      spec: { method: 'download', file },
    });
    const [record] = await api.deliveries.deliveriesOf(orderId);
    const made = record === undefined ? null : await api.deliveries.linkTo(record, lifetime);
    return new URL(made?.url ?? '').pathname;
  }

  it.each(['', '/v1'])('streams the file without a key at %s/d/…', async (base) => {
    const path = await link(`Über ${base.length}.zip`);
    const answer = await api.call({ url: `${base}${path}`, headers: open });
    expect(answer.statusCode).toBe(200);
    expect(answer.bytes.equals(bytes)).toBe(true);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-length': `${bytes.byteLength}`,
      'content-disposition': attachment(`Über ${base.length}.zip`),
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  it('does not count a HEAD, and ends after its number of downloads', async () => {
    const url = await link('counted.zip');
    expect((await api.call({ method: 'HEAD', url, headers: open })).statusCode).toBe(404);
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await api.call({ url, headers: open })).statusCode);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 410]);
    expect((await api.call({ url, headers: open })).json()).toMatchObject({ code: 'download.limit_reached' });
  });

  it('says 410 for an expired link and 404 for a made-up one', async () => {
    const expired = await api.call({
      url: await link('old.zip', { at: '2020-01-01T00:00:00.000Z', ttlSeconds: 900 }),
      headers: open,
    });
    expect(expired.json()).toMatchObject({ status: 410, code: 'download.expired' });
    const madeUp = await api.call({ url: '/d/abc.def.ghi', headers: open });
    expect(madeUp.json()).toMatchObject({ status: 404, code: 'delivery.not_found' });
  });

  it('names a file in ASCII and in UTF-8', () => {
    expect(attachment('Caf\u00e9 (1).zip')).toBe(
      `attachment; filename="Caf_ (1).zip"; filename*=UTF-8''Caf%C3%A9%20%281%29.zip`,
    );
  });
});

describe('invoices and the ledger', () => {
  async function sale() {
    const placed = await api.call({ method: 'POST', url: '/v1/orders', payload: orderBody });
    const order = await api.store.require(placed.json<{ id: string }>().id);
    const quote = pricedQuote(order);
    const fact = facts.sale(order.id);
    const payment = { method: 'card', paidAt: at };
    const invoice = await api.invoices.issueInvoice({ fact, order: { ...order, quote }, payment, at });
    await api.ledger.post(
      saleEntry({ orderId: order.id, quote, payment: { gateway: 'acquirer_a', captured: quote.gross, fee: 0 }, at }),
    );
    return { order, invoice };
  }

  it('are answered as documents, as PDF, and named by their order', async () => {
    const { order, invoice } = await sale();
    const answer = await api.call({ url: `/v1/invoices/${invoice.id}` });
    expect(answer.json()).toMatchObject({
      ...{ id: invoice.id, kind: 'invoice', number: invoice.number, gross: 11_900, tax: 1_900 },
      order: { id: order.id, number: order.number },
    });
    const pdf = await api.call({ url: `/v1/invoices/${invoice.id}.pdf` });
    expect(pdf.headers['content-type']).toBe('application/pdf');
    expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const view = await api.call({ url: `/v1/orders/${order.id}` });
    expect(view.json()).toMatchObject({ invoice: { id: invoice.id, number: invoice.number }, creditNotes: [] });
  });

  it('are answered as e-invoices: UBL unless another format is asked for', async () => {
    const { invoice } = await sale();
    const url = `/v1/invoices/${invoice.id}.xml`;
    const ubl = await api.call({ url });
    expect(ubl.headers['content-type']).toBe('application/xml');
    expect(ubl.headers['content-disposition']).toBe(`inline; filename="${invoice.number}.xml"`);
    expect(ubl.body).toMatch(/^<\?xml .*\n<Invoice [^]*<cbc:ID>INV-2026-\d{6}</);
    expect((await api.call({ url: `${url}?format=ubl` })).body).toBe(ubl.body);
    expect((await api.call({ url: `${url}?format=cii` })).body).toContain('<rsm:CrossIndustryInvoice');
    const facturX = await api.call({ url: `${url}?format=factur-x` });
    expect(facturX.headers['content-type']).toBe('application/pdf');
    expect(facturX.bytes.subarray(0, 8).toString()).toBe('%PDF-1.7');
    expect((await api.call({ url: `${url}?format=word` })).json()).toMatchObject({
      code: 'request.invalid',
      errors: [{ path: 'format' }],
    });
    expect((await api.call({ url: `${url}?format=xrechnung` })).json()).toMatchObject({
      ...{ status: 422, code: 'invoice.e_invoice_not_possible' },
      errors: [{ path: 'buyer.address.city' }, { path: 'buyer.address.postalCode' }],
    });
  });

  it('can be read by the link of the mail, and by no other', async () => {
    const { invoice } = await sale();
    const url = new URL(await api.invoiceLinks.link(invoice.id, new Date().toISOString())).pathname;
    expect((await api.call({ url, headers: open })).headers['content-type']).toBe('application/pdf');
    expect((await api.call({ url: `${url.slice(0, -3)}abc`, headers: open })).json()).toMatchObject({
      code: 'invoice.not_found',
    });
  });

  it('say 404 for a document that is not there', async () => {
    for (const url of ['/v1/invoices/inv_0', '/v1/invoices/inv_0.pdf', '/v1/invoices/inv_0.xml']) {
      expect((await api.call({ url })).json()).toMatchObject({ status: 404, code: 'invoice.not_found' });
    }
  });

  it('add up to 0 in every currency', async () => {
    await sale();
    const rows = (await api.call({ url: '/v1/ledger/balances' })).json<
      { account?: string; balance?: number; currency: string }[]
    >();
    expect(rows).toContainEqual({ currency: 'EUR', sum: 0 });
    const balances = rows.filter(({ account }) => account !== undefined);
    expect(balances.map(({ account }) => account)).toEqual(
      expect.arrayContaining(['gateway_clearing/acquirer_a', 'revenue/seller_default', 'tax_payable/DE']),
    );
    expect(balances.reduce((total, { balance }) => total + (balance ?? 0), 0)).toBe(0);
    expect((await api.call({ url: '/v1/ledger/balances?at=2020-01-01T00:00:00Z' })).json()).toEqual([]);
  });
});

import { beforeAll, describe, expect, it } from '@jest/globals';
import { serveApi } from './api-under-test.ts';

const certificate = {
  customer: 'cus_1',
  kind: 'resale',
  jurisdictions: ['US-TX'],
  number: 'TX-4711',
  validFrom: '2026-01-01',
  validTo: '2028-01-01',
};

const { api } = await serveApi({ stocked: false });

describe('exemption certificates over HTTP', () => {
  beforeAll(async () => {
    await put('/v1/products/app', { name: 'App', taxClass: 'saas', delivery: [{ method: 'license' }] });
    await put('/v1/prices/app-usd', {
      product: 'app',
      currency: 'USD',
      taxBehavior: 'exclusive',
      scheme: { type: 'flat', amount: 10_000 },
    });
    await put('/v1/exemption-certificates/cert_1', certificate);
  });

  const put = (url: string, payload: object) => api.call({ method: 'PUT', url, payload });
  const quote = (customer: object) =>
    api.call({
      method: 'POST',
      url: '/v1/quotes',
      headers: { 'idempotency-key': `quote-${JSON.stringify(customer)}` },
      payload: {
        currency: 'USD',
        customer: { country: 'US', region: 'TX', ipCountry: 'US', ...customer },
        lines: [{ price: 'app-usd', quantity: 1 }],
        at: '2026-11-21T12:00:00Z',
      },
    });

  it('are put and read back', async () => {
    const answer = await put('/v1/exemption-certificates/cert_1', certificate);
    expect([answer.statusCode, answer.json()]).toEqual([200, { id: 'cert_1', ...certificate }]);
    const read = await api.call({ url: '/v1/exemption-certificates/cert_1' });
    expect(read.json()).toEqual({ id: 'cert_1', ...certificate });
    const none = await api.call({ url: '/v1/exemption-certificates/cert_9' });
    expect([none.statusCode, none.json<{ code: string }>().code]).toEqual([404, 'request.not_found']);
  });

  it('are refused with the path of what is wrong', async () => {
    const answer = await put('/v1/exemption-certificates/cert_2', { ...certificate, jurisdictions: ['DE'] });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ errors: [{ path: 'jurisdictions[0]' }] });
  });

  it('take the tax away and are named on the quote', async () => {
    const answer = await quote({ id: 'cus_1', exemptionCertificate: 'cert_1' });
    expect(answer.json()).toMatchObject({
      net: 10_000,
      tax: 0,
      taxes: [{ jurisdiction: 'US-TX', rate: '0', base: 8_000, amount: 0, exemption: 'cert_1' }],
      taxNotes: [{ code: 'exempt', jurisdiction: 'US-TX', text: 'Exempt: resale certificate TX-4711' }],
    });
  });

  it('are of no use elsewhere, and the quote says why', async () => {
    const answer = await quote({ id: 'cus_1', exemptionCertificate: 'cert_1', region: 'NY' });
    expect(answer.json()).toMatchObject({
      tax: 400,
      taxNotes: [
        {
          code: 'exemption_not_applied',
          text: 'The resale certificate TX-4711 is for US-TX and not for US-NY: tax is charged',
        },
      ],
    });
  });

  it.each([
    ['an id that nobody knows', { exemptionCertificate: 'cert_9' }],
    ['the certificate of another customer', { id: 'cus_2', exemptionCertificate: 'cert_1' }],
  ])('refuse %s with 422 and the path', async (_, customer) => {
    const answer = await quote(customer);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'tax.exemption_certificate_unknown',
      errors: [{ path: 'customer.exemptionCertificate' }],
    });
  });

  it('go with an order, which is refused for one that the customer does not have', async () => {
    const order = (key: string, exemptionCertificate: string) =>
      api.call({
        method: 'POST',
        url: '/v1/orders',
        headers: { 'idempotency-key': key },
        payload: {
          currency: 'USD',
          customer: {
            ...{ country: 'US', region: 'TX', ipCountry: 'US', id: 'cus_1', exemptionCertificate },
            ...{ email: 'ada@example.com', name: 'Ada Example' },
          },
          lines: [{ price: 'app-usd', quantity: 1 }],
          payment: { method: 'card', token: 'tok_ok' },
        },
      });
    const refused = await order('order-1', 'cert_9');
    expect(refused.statusCode).toBe(422);
    expect(refused.json()).toMatchObject({ errors: [{ path: 'customer.exemptionCertificate' }] });
    const taken = await order('order-2', 'cert_1');
    expect(taken.statusCode).toBe(202);
    const { customer, quote: frozen } = await api.store.require(taken.json<{ id: string }>().id);
    expect(customer).toMatchObject({ exemptionCertificate: 'cert_1' });
    expect(frozen).toMatchObject({ taxes: [{ exemption: 'cert_1' }] });
  });

  it('are joined by the answer to a contradiction: the declared country settles it', async () => {
    const contradiction = { region: null, country: 'DE', ipCountry: 'FR' };
    expect((await quote(contradiction)).json()).toMatchObject({ code: 'tax.place_unclear' });
    expect((await quote({ ...contradiction, declaredCountry: 'FR' })).json()).toMatchObject({
      tax: 2_000,
      placeOfSupply: {
        country: 'FR',
        evidence: [{ kind: 'billing_address' }, { kind: 'ip_address' }, { kind: 'declaration', country: 'FR' }],
      },
    });
  });

  it('are not needed to learn that one item of evidence is thin', async () => {
    const answer = await quote({ country: 'DE', region: null, ipCountry: null });
    expect(answer.json()).toMatchObject({ taxNotes: [{ code: 'evidence_incomplete', jurisdiction: 'DE' }] });
  });
});

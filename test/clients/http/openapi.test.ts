import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { serveApi } from './api-under-test.ts';

/** The shape that OpenAPI 3.1 prescribes, as far as this API uses it: anything else is refused. */
const schemaObject = z.looseObject({});
const media = z.record(
  z.string().regex(/^[a-z]+\/[a-z.+-]+$/),
  z.strictObject({ schema: schemaObject.optional(), example: z.unknown(), examples: z.unknown() }).partial(),
);
const parameter = z.strictObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  schema: schemaObject,
  description: z.string().optional(),
  example: z.unknown().optional(),
});
const operation = z.strictObject({
  operationId: z.string(),
  tags: z.array(z.string()).min(1),
  summary: z.string().min(5),
  description: z.string().optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))).optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ required: z.boolean().optional(), content: media }).optional(),
  responses: z.record(
    z.string().regex(/^([1-5]\d\d|default)$/),
    z.strictObject({ description: z.string(), content: media.optional() }),
  ),
});
const documentSchema = z.strictObject({
  openapi: z.string().regex(/^3\.1\.\d$/),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.unknown()).optional(),
  tags: z.array(z.strictObject({ name: z.string() })),
  security: z.array(z.strictObject({ apiKey: z.tuple([]) })),
  components: z.strictObject({
    schemas: z.record(z.string(), schemaObject),
    securitySchemes: z.strictObject({
      apiKey: z.looseObject({ type: z.literal('http'), scheme: z.literal('bearer') }),
    }),
  }),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'put', 'post']), operation)),
});

const { api } = await serveApi({ stocked: false });
const document = documentSchema.parse(
  (await api.call({ url: '/openapi.json', headers: { authorization: null } })).json(),
);

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, one]) => ({ name: `${method.toUpperCase()} ${path}`, path, method, ...one })),
  );

describe('GET /openapi.json', () => {
  it('lists every call of the contract', () => {
    expect(
      operations()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(
      [
        'GET /healthz',
        'GET /metrics',
        'GET /readyz',
        'GET /v1/bulk-refunds/{id}',
        'GET /v1/bulk-refunds/{id}/orders',
        'GET /v1/renewal-runs',
        'GET /v1/store-credit',
        'GET /v1/subscriptions',
        'GET /v1/subscriptions/{id}',
        'POST /v1/bulk-refunds',
        'POST /v1/bulk-refunds/{id}/cancel',
        'POST /v1/bulk-refunds/{id}/confirm',
        'POST /v1/bulk-refunds/{id}/pause',
        'POST /v1/bulk-refunds/{id}/resume',
        'POST /v1/subscriptions/{id}/cancel',
        'POST /v1/subscriptions/{id}/change',
        'POST /v1/subscriptions/{id}/convert-trial',
        'POST /v1/subscriptions/{id}/extend-trial',
        'POST /v1/subscriptions/{id}/items',
        'POST /v1/subscriptions/{id}/pause',
        'POST /v1/subscriptions/{id}/payment-method',
        'POST /v1/subscriptions/{id}/preview',
        'POST /v1/subscriptions/{id}/reactivate',
        'POST /v1/subscriptions/{id}/resume',
        'POST /v1/subscriptions/{id}/retry-payment',
        'POST /v1/subscriptions/{id}/withdraw-change',
        'GET /v1/d/{token}',
        'GET /v1/invoices/{id}',
        'GET /v1/invoices/{id}.pdf',
        'GET /v1/invoices/{id}.xml',
        'GET /v1/ledger/balances',
        'GET /v1/ledger/entries',
        'GET /v1/sellers/{id}',
        'GET /v1/sellers/{id}/statement',
        'GET /v1/sellers/{id}/statement.csv',
        'PUT /v1/sellers/{id}',
        'PUT /v1/meters/{id}',
        'POST /v1/usage',
        'GET /v1/subscriptions/{id}/usage',
        'GET /v1/orders',
        'GET /v1/tax-reports',
        'GET /v1/tax-reports/{scheme}/{period}',
        'POST /v1/tax-reports/{scheme}/{period}/filed',
        'POST /v1/exchange-rates/{date}/decision',
        'GET /v1/orders/{id}',
        'GET /v1/orders/{id}/tax-confirmation',
        'GET /v1/refunds',
        'POST /v1/refunds',
        'GET /v1/refunds/{id}',
        'POST /v1/refunds/{id}/approve',
        'POST /v1/refunds/{id}/reject',
        'POST /v1/refunds/{id}/cancel',
        'POST /v1/refunds/{id}/appeal',
        'POST /v1/refunds/{id}/other-means',
        'POST /v1/orders',
        'POST /v1/orders/{id}/cancel',
        'POST /v1/orders/{id}/review',
        'POST /v1/orders/{id}/tax-confirmation',
        'GET /v1/exemption-certificates/{id}',
        'PUT /v1/exemption-certificates/{id}',
        'GET /v1/quotes/{id}',
        'GET /v1/revenue/schedules',
        'GET /v1/revenue/summary',
        'POST /v1/quotes',
        'POST /v1/webhooks/{provider}',
        'PUT /v1/coupons/{id}',
        'PUT /v1/files/{name}',
        'PUT /v1/prices/{id}',
        'PUT /v1/products/{id}',
      ].sort(),
    );
  });

  it('lists only routes that the server has', () => {
    for (const { path, method, name } of operations()) {
      const url = path.replace(/\{(\w+)\}/g, ':$1');
      expect({ name, served: api.app.hasRoute({ method: method.toUpperCase(), url }) }).toEqual({ name, served: true });
    }
  });

  it('gives every call a name of its own, an answer, and the problem answer', () => {
    const names = operations().map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { responses } of operations()) {
      expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true);
      const problem = responses['default']?.content?.['application/problem+json'];
      expect(problem?.schema).toEqual({ $ref: '#/components/schemas/Problem' });
    }
  });

  it('resolves every reference', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it('asks for a key everywhere but where anybody may call', () => {
    const open = operations().filter(({ security }) => security?.length === 0);
    expect(open.map(({ name }) => name).sort()).toEqual([
      'GET /healthz',
      'GET /metrics',
      'GET /readyz',
      'GET /v1/d/{token}',
      'POST /v1/webhooks/{provider}',
    ]);
  });

  it('shows the Idempotency-Key of every POST of ours, and examples of every body', () => {
    for (const { name, method, path, parameters, requestBody } of operations()) {
      const keyed = parameters?.some((one) => one.name === 'Idempotency-Key') ?? false;
      expect({ name, keyed }).toEqual({ name, keyed: method === 'post' && !path.includes('webhooks') });
      const content = requestBody?.content['application/json'];
      if (content === undefined || path.includes('webhooks')) continue;
      const example = content.example ?? content.examples ?? content.schema?.['example'];
      expect({ name, example }).toEqual({ name, example: expect.anything() });
    }
  });
});

describe('/docs', () => {
  it.each(['/docs', '/docs/'])('is a page at %s whose policy lets its own script run', async (url) => {
    const page = await api.call({ url, headers: { authorization: null } });
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const sources = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
    expect(sources).toHaveLength(4);
    for (const source of sources) {
      const asset = await api.call({ url: source, headers: { authorization: null } });
      expect({ source, status: asset.statusCode }).toEqual({ source, status: 200 });
    }
  });

  it('leaves every other answer without any right to load', async () => {
    const answer = await api.call({ url: '/healthz' });
    expect(answer.headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });
});

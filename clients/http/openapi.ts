import swagger from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { Api } from './api-deps.ts';
import { problemMediaType } from './errors.ts';
import { registerDocs } from './routes/docs.routes.ts';

const description =
  'Backend services place orders and read what became of them. Money is integer minor units, times are ISO 8601 UTC, ' +
  'rates decimal strings. Every POST takes an `Idempotency-Key`: the same key and body give the same answer. Errors ' +
  'are problems (RFC 9457) with a permanent `code`.';

/** Calls whose body or answer is bytes; their schemas cannot be zod. */
const binary: Readonly<Record<string, { readonly request?: string; readonly answer?: string }>> = {
  'put /v1/files/{name}': { request: 'application/octet-stream' },
  'get /v1/d/{token}': { answer: 'application/octet-stream' },
  'get /v1/invoices/{id}.pdf': { answer: 'application/pdf' },
  'get /v1/sellers/{id}/statement.csv': { answer: 'text/csv' },
  'get /metrics': { answer: 'text/plain' },
  'post /v1/webhooks/{provider}': { request: 'application/json' },
};

/** The document at /openapi.json, made of the routes' own schemas, and readable at /docs. */
export async function registerOpenApi(app: Api): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.1',
      info: { title: 'Waybill', version: '1.0.0', description },
      tags: ['catalogue', 'orders', 'downloads', 'invoices', 'ledger', 'sellers', 'tax', 'webhooks', 'health'].map(
        (name) => ({ name }),
      ),
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key' } } },
      security: [{ apiKey: [] }],
    },
    transform: createJsonSchemaTransform({}),
    transformObject: (document) => complete(createJsonSchemaTransformObject({})(document)),
  });
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  registerDocs(app);
}

type Document = ReturnType<ReturnType<typeof createJsonSchemaTransformObject>>;
const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;

interface Operation {
  readonly responses?: object;
  readonly parameters?: readonly object[];
}

type PathItem = Partial<Readonly<Record<(typeof methods)[number], Operation>>>;

/**
 * Adds what holds for every call: the problem answer, the Idempotency-Key of POST, bytes where there are bytes. The
 * document was made a moment ago and is nobody else's.
 */
function complete(document: Document): Document {
  if (!('paths' in document)) return document;
  for (const [path, item] of Object.entries<PathItem | undefined>(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item?.[method];
      if (operation !== undefined) Object.assign(operation, additions(method, path, operation));
    }
  }
  return document;
}

function additions(method: string, path: string, operation: Operation): object {
  const problem = { schema: { $ref: '#/components/schemas/Problem' } };
  const bytes = binary[`${method} ${path}`];
  const keyed = method === 'post' && !path.includes('/webhooks/');
  return {
    ...(keyed ? { parameters: [...(operation.parameters ?? []), idempotencyKeyParameter] } : {}),
    ...(bytes?.request === undefined ? {} : { requestBody: { required: true, content: contentOf(bytes.request) } }),
    responses: {
      ...operation.responses,
      ...(bytes?.answer === undefined ? {} : { 200: { description: 'The content', content: contentOf(bytes.answer) } }),
      default: { description: 'A problem', content: { [problemMediaType]: problem } },
    },
  };
}

function contentOf(mediaType: string): object {
  return {
    [mediaType]: mediaType === 'application/octet-stream' || mediaType === 'application/pdf' ? {} : { schema: {} },
  };
}

const idempotencyKeyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Names this request: the same key and body again give the same answer.',
  schema: { type: 'string', maxLength: 255 },
  example: '5f3c1c3e-order-1001',
};

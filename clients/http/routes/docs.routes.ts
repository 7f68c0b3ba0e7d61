import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Api } from '../api-deps.ts';

/**
 * Swagger UI at /docs. Only the page's files are taken from @fastify/swagger-ui: its plugin needs @fastify/static, whose
 * newest major requires an ES module by require(), which Node 20 only bears and Jest refuses.
 */
const assets = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><title>Waybill API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css"><link rel="icon" href="/docs/favicon-32x32.png">
</head>
<body><div id="swagger-ui"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>`;

const script = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', deepLinking: true, validatorUrl: null });`;

/** Without "upgrade-insecure-requests": on a laptop the page comes over http. Swagger UI writes style attributes. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

export function registerDocs(app: Api): void {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')), 'static');
  const schema = { hide: true };

  for (const url of ['/docs', '/docs/']) {
    app.get(url, { schema }, (_request, reply) =>
      reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page),
    );
  }
  app.get('/docs/start.js', { schema }, (_request, reply) => reply.type('text/javascript; charset=utf-8').send(script));
  for (const [name, type] of Object.entries(assets)) {
    app.get(`/docs/${name}`, { schema }, async (_request, reply) =>
      reply
        .type(type)
        .header('cache-control', 'public, max-age=86400')
        .send(await readFile(join(folder, name))),
    );
  }
}

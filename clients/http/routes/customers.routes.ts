import { z } from 'zod';
import { fail } from '../../../domain/failures.ts';
import type { Api, ApiDeps, RateLimits } from '../api-deps.ts';

export interface CustomerRouteDeps extends Pick<ApiDeps, 'invoices' | 'invoiceLinks' | 'now'> {
  readonly limits: RateLimits;
}

/** Says nothing about the order: whoever guesses an id learns nothing, and the mail tells the buyer. */
const returnPage = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Thank you</title>
<h1>Thank you</h1><p>We are checking your payment and write to you as soon as it is settled. You can close this page.</p></html>`;

/** Where the links of mails and payment pages lead; public, outside /v1. */
export function registerCustomerPages(app: Api, { invoices, invoiceLinks, now, limits }: CustomerRouteDeps): void {
  const config = { rateLimit: { max: limits.downloads, timeWindow: 60_000, groupId: 'customers' } };

  app.get(
    '/i/:token',
    { config, schema: { hide: true, params: z.object({ token: z.string().min(1).max(2000) }) } },
    async (request, reply) => {
      const id =
        (await invoiceLinks?.read(request.params.token)) ?? fail('invoice.not_found', 'This link is not valid');
      const { content, filename } = await invoices.renderPdf(id, now());
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="${filename}"`)
        .header('cache-control', 'private, no-store')
        .send(content);
    },
  );

  app.get(
    '/return/:order',
    { config, schema: { hide: true, params: z.object({ order: z.string().max(64) }) } },
    (_request, reply) => reply.type('text/html; charset=utf-8').send(returnPage),
  );
}

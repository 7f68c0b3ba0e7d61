import { z } from 'zod';
import type { SignedHeaders } from '../../../services/webhook/webhook-signature.ts';
import type { Api, ApiDeps, RateLimits } from '../api-deps.ts';
import { signedHeaders } from '../../webhooks/signed-headers.ts';

export type WebhookRouteDeps = Pick<ApiDeps, 'webhooks' | 'now'> & { readonly limits: RateLimits };

const receiptAnswer = z.object({ received: z.literal(true), duplicate: z.boolean() }).meta({ id: 'WebhookReceipt' });

/** In a scope of its own: the signature is over the bytes as sent, so the body is not parsed here. */
export function registerWebhooks(app: Api, { webhooks, now, limits }: WebhookRouteDeps): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: 262_144 }, (_request, body, done) =>
    done(null, body),
  );

  app.post(
    '/webhooks/:provider',
    {
      config: { rateLimit: { max: limits.webhooks, timeWindow: 60_000, groupId: 'webhooks' } },
      schema: {
        operationId: 'receiveWebhook',
        tags: ['webhooks'],
        summary: 'Notice of a payment provider',
        description:
          'Signed by the Standard Webhooks scheme (`webhook-id`, `webhook-timestamp`, `webhook-signature`). Any order, ' +
          'any number of times: what happened is asked at the provider.',
        security: [],
        params: z.object({ provider: z.string().min(1).max(64) }),
        response: { 202: receiptAnswer },
      },
    },
    async (request, reply) => {
      const headers: SignedHeaders = signedHeaders(request.headers);
      const body = typeof request.body === 'string' ? request.body : '';
      const receipt = await webhooks.receive({ provider: request.params.provider, headers, body, at: now() });
      return reply.code(202).send({ received: true, duplicate: receipt === 'duplicate' });
    },
  );
}

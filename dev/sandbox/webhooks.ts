import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { PaymentProvider } from './sandbox-payment.ts';

/** Signing secret when none is given: nothing but the sandbox is protected by it. */
export const sandboxWebhookSecret = `whsec_${Buffer.from('waybill sandbox webhooks').toString('base64')}`;

/** Waits between the deliveries of one event, milliseconds. */
const retryDelaysMs = [200, 1_000, 3_000, 10_000] as const;
/** A receiver that takes longer has not received it. */
const deliveryTimeoutMs = 5_000;

export interface WebhookOptions {
  /** Base of the receiver: events go to `{url}/v1/webhooks/{provider}`. null: kept until one is set. */
  readonly url: string | null;
  readonly secret: string;
  /** Sends every event twice, as providers sometimes do. */
  readonly duplicate: boolean;
  readonly retryDelaysMs?: readonly number[];
}

interface Delivery {
  readonly id: string;
  readonly provider: PaymentProvider;
  readonly type: string;
  attempts: number;
  status: 'waiting' | 'delivered' | 'given_up';
}

/** Sends events signed by the Standard Webhooks scheme, each a few times under the same id until a 2xx comes back. */
export function createWebhooks(options: WebhookOptions) {
  const signer = new Webhook(options.secret);
  const delays = options.retryDelaysMs ?? retryDelaysMs;
  const deliveries: Delivery[] = [];
  const closing = new AbortController();
  let url = options.url;
  let withoutUrl: (() => void)[] = [];

  async function post(delivery: Delivery, body: string): Promise<boolean> {
    delivery.attempts += 1;
    const at = new Date();
    try {
      const answer = await fetch(`${url}/v1/webhooks/${delivery.provider}`, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json',
          'webhook-id': delivery.id,
          'webhook-timestamp': Math.floor(at.getTime() / 1000).toString(),
          'webhook-signature': signer.sign(delivery.id, at, body),
        },
        body,
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(deliveryTimeoutMs)]),
      });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }

  async function deliver(delivery: Delivery, body: string): Promise<void> {
    for (const wait of [...delays, null]) {
      if (await post(delivery, body)) {
        delivery.status = 'delivered';
        if (options.duplicate) await post(delivery, body);
        return;
      }
      if (wait === null || closing.signal.aborted) break;
      await delay(wait, undefined, { signal: closing.signal }).catch(() => undefined);
    }
    delivery.status = 'given_up';
  }

  return {
    send(provider: PaymentProvider, type: string, data: object): void {
      const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
      const delivery: Delivery = { id: `msg_${randomUUID()}`, provider, type, attempts: 0, status: 'waiting' };
      deliveries.push(delivery);
      if (url === null) withoutUrl.push(() => void deliver(delivery, body));
      else void deliver(delivery, body);
    },
    setUrl(next: string | null): void {
      url = next;
      if (url === null) return;
      const waiting = withoutUrl;
      withoutUrl = [];
      for (const start of waiting) start();
    },
    list: () => deliveries.map((delivery) => ({ ...delivery })),
    close: () => closing.abort(),
  };
}

export type Webhooks = ReturnType<typeof createWebhooks>;

export function registerWebhookRoutes(app: FastifyInstance, webhooks: Webhooks): void {
  app.get('/webhooks', () => webhooks.list());
  app.put('/webhooks/url', (request, reply) => {
    webhooks.setUrl(z.strictObject({ url: z.url().nullable() }).parse(request.body).url);
    return reply.code(204).send();
  });
}

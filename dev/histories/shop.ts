import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { hasEnded, orderStatuses } from '../../domain/order/order-status.ts';

/** Where a running system is reached. */
export interface ShopAddress {
  readonly api: string;
  readonly apiKey: string;
  readonly sandbox: string;
}

const orderAnswer = z.object({
  id: z.string(),
  number: z.string(),
  status: z.enum(orderStatuses),
  timeline: z.array(z.object({ event: z.string() })),
});
export type ShopOrder = z.infer<typeof orderAnswer>;

const paymentsAnswer = z.array(z.object({ id: z.string() }));

export type Shop = ReturnType<typeof createShop>;

const pollMs = 100;
const patienceMs = 90_000;

/** What a shop does with Waybill, over HTTP as any other program would. */
export function createShop({ api, apiKey, sandbox }: ShopAddress) {
  async function send(method: string, url: string, body?: object, key?: string): Promise<unknown> {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  }

  const get = async (id: string): Promise<ShopOrder> => orderAnswer.parse(await send('GET', `${api}/v1/orders/${id}`));

  async function until(id: string, what: string, holds: (order: ShopOrder) => boolean): Promise<ShopOrder> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const order = await get(id);
      if (holds(order)) return order;
      if (Date.now() > end) throw new Error(`order ${id} is ${order.status} and never ${what}`);
      await delay(pollMs);
    }
  }

  return {
    put: (path: string, body: object) => send('PUT', `${api}/v1${path}`, body),
    /** The key makes the order's id: another key, another order. */
    place: async (body: object, key: string): Promise<ShopOrder> =>
      orderAnswer.parse(await send('POST', `${api}/v1/orders`, body, key)),
    post: (path: string, body: object, key: string) => send('POST', `${api}/v1${path}`, body, key),
    untilEnded: (id: string) => until(id, 'ended', ({ status }) => hasEnded(status)),
    untilEvent: (id: string, event: string) =>
      until(id, `"${event}"`, ({ timeline }) => timeline.some((entry) => entry.event === event)),
    fault: (fault: object) => send('POST', `${sandbox}/faults`, fault),
    /** What the customer does at the provider's page. */
    async actAsCustomer(orderId: string, path: (paymentId: string) => string): Promise<void> {
      const payments = paymentsAnswer.parse(await send('GET', `${sandbox}/payments?reference=${orderId}`));
      for (const { id } of payments) await send('POST', `${sandbox}${path(id)}`);
    },
  };
}

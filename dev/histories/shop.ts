import { randomUUID } from 'node:crypto';
import type { OrderView } from '../../clients/http/order-view.ts';
import { hasEnded } from '../../domain/order/order-status.ts';
import { createPartnerWorld } from '../system/partner-world.ts';
import type { System } from '../system/start-system.ts';
import { waitUntil } from '../system/wait-until.ts';
import { createWaybillApi } from '../system/waybill-api.ts';

export type Shop = ReturnType<typeof createShop>;

/** What a shop and its customers do with Waybill, over HTTP as any other program would. */
export function createShop(system: Pick<System, 'api' | 'apiKey' | 'sandbox' | 'inbox'>) {
  const api = createWaybillApi(system);
  const world = createPartnerWorld(system);
  return {
    api,
    world,
    untilEnded: (id: string): Promise<OrderView> => api.untilOrder(id, 'ends', ({ status }) => hasEnded(status)),
    untilEvent: (id: string, event: string): Promise<OrderView> =>
      api.untilOrder(id, `has "${event}"`, ({ timeline }) => timeline.some((entry) => entry.event === event)),
    /** Says it, and needs it to be done. */
    decide: async (id: string, verb: 'cancel' | 'review', body: object): Promise<void> => {
      const { status, body: problem } = await api.post(`/orders/${id}/${verb}`, body, {
        'idempotency-key': `${verb}-${id}`,
      });
      if (status >= 300) throw new Error(`${verb} of ${id} answered ${status}: ${JSON.stringify(problem)}`);
    },
    /** As soon as the order's tax waits for the register. */
    askRegister: async (id: string): Promise<void> => {
      await waitUntil(`the register is asked for ${id}`, async () => {
        const answer = await api.post(`/orders/${id}/tax-confirmation`, {}, { 'idempotency-key': randomUUID() });
        return answer.status === 200 ? answer : null;
      });
    },
    /** What the customer does at the provider's page. */
    passAuthentication: async (id: string): Promise<void> => {
      for (const payment of await world.payments(id)) await world.complete3ds(payment.id);
    },
  };
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { OrderView } from '../../clients/http/order-view.ts';
import { hasEnded } from '../../domain/order/order-status.ts';
import { createPartnerWorld } from '../system/partner-world.ts';
import type { System } from '../system/start-system.ts';
import { waitUntil } from '../system/wait-until.ts';
import { createWaybillApi } from '../system/waybill-api.ts';

const bulkRefundView = z.looseObject({ id: z.string(), status: z.string() });

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
    /** A bulk refund of whole orders, confirmed by a second person after its dry run. Answers its id. */
    recall: async (orders: readonly string[]): Promise<string> => {
      const asked = { orders, refund: { kind: 'full' }, reason: 'Recall', by: 'ops_1' };
      const { id } = bulkRefundView.parse((await api.post('/bulk-refunds', asked)).body);
      await waitUntil(`the dry run of ${id} is over`, async () => {
        const { status } = bulkRefundView.parse((await api.call(`/bulk-refunds/${id}`)).body);
        return status === 'awaiting_confirmation' ? status : null;
      });
      await api.post(`/bulk-refunds/${id}/confirm`, { by: 'ops_2' });
      return id;
    },
    /** What the customer does at the provider's page. */
    passAuthentication: async (id: string): Promise<void> => {
      for (const payment of await world.payments(id)) await world.complete3ds(payment.id);
    },
  };
}

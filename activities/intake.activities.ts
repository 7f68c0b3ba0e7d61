import type { OrderService } from '../services/order/order-service.ts';
import type { OrderDocument } from '../services/order/order-store.ts';
import { atTheBorder } from './activity-failure.ts';

/** Starts the workflow of a recorded order; idempotent, because the workflow id is the order's. */
export type StartOrder = (order: OrderDocument) => Promise<void>;

export interface IntakeDeps {
  readonly orders: OrderService;
  readonly startOrder: StartOrder;
  /** Records younger than this (ms) are still being started by whoever wrote them. */
  readonly minimumAgeMs: number;
}

export function createIntakeActivities({ orders, startOrder, minimumAgeMs }: IntakeDeps) {
  return atTheBorder({
    startRecordedOrders: async ({ now }: { readonly now: string }): Promise<{ readonly started: number }> => {
      const waiting = await orders.unstarted(new Date(Date.parse(now) - minimumAgeMs).toISOString());
      for (const order of waiting) {
        await startOrder(order);
        await orders.markStarted(order.id, now);
      }
      return { started: waiting.length };
    },
  });
}

/**
 * Permanent: running workflows and schedules refer to them. Each has a bundle of its own, so that a cached workflow loads
 * only its own kind (docs/adr/0017).
 */
export const taskQueues = {
  /** Orders and their refunds: somebody waits. */
  orders: 'waybill',
  subscriptions: 'waybill-subscriptions',
  /** What the books need by night: revenue, returns, exchange rates. */
  books: 'waybill-books',
  /** Activities only: charges that nobody waits for, held to the rate that the gateways allow. */
  renewalMoney: 'waybill-renewal-money',
} as const;

/** The queues that workflows run on. */
export type WorkflowQueue = Exclude<keyof typeof taskQueues, 'renewalMoney'>;

/** What somebody is waiting for comes first (architecture §2). Smaller is sooner. */
export const priorities = { interactive: 1, refundsAndDelivery: 2, renewals: 4, bulk: 5 } as const;

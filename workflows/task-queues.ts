/** Permanent: running workflows and schedules refer to it. */
export const taskQueue = 'waybill';

/** What somebody is waiting for comes first (architecture §2). Smaller is sooner. */
export const priorities = { interactive: 1, refundsAndDelivery: 2, renewals: 4, bulk: 5 } as const;

/** The workflow type and schedule id: permanent. */
export const orderSweepWorkflowType = 'orderSweepWorkflow';
export const orderSweepScheduleId = 'order-sweep';

/** How often the sweep looks, and how old an unstarted record must be: younger ones are still being started. */
export const orderSweepEveryMs = 30_000;
export const orderSweepMinimumAgeMs = 15_000;

/** The single bundle entry: the list of workflow types that we promise to keep. */
export { orderWorkflow } from './order/order.workflow.ts';
export { orderSweepWorkflow } from './order-sweep/order-sweep.workflow.ts';

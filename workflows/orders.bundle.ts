/** The workflow types of the queue of orders: permanent. */
export { orderWorkflow } from './order/order.workflow.ts';
export { taxConfirmationWorkflow } from './tax-confirmation/tax-confirmation.workflow.ts';
export { refundWorkflow } from './refund/refund.workflow.ts';
export { bulkRefundWorkflow } from './bulk-refund/bulk-refund.workflow.ts';
export { orderSweepWorkflow } from './order-sweep/order-sweep.workflow.ts';

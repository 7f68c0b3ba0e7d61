/** The single bundle entry: the list of workflow types that we promise to keep. */
export { orderWorkflow } from './order/order.workflow.ts';
export { taxFilingWorkflow } from './tax-filing/tax-filing.workflow.ts';
export { taxReturnWorkflow } from './tax-filing/tax-return.workflow.ts';
export { exchangeRateImportWorkflow } from './exchange-rate-import/exchange-rate-import.workflow.ts';
export { taxConfirmationWorkflow } from './tax-confirmation/tax-confirmation.workflow.ts';
export { orderSweepWorkflow } from './order-sweep/order-sweep.workflow.ts';
export { revenueRecognitionWorkflow } from './revenue-recognition/revenue-recognition.workflow.ts';

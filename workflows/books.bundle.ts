/** The workflow types of the queue of the books: permanent. */
export { taxFilingWorkflow } from './tax-filing/tax-filing.workflow.ts';
export { taxReturnWorkflow } from './tax-filing/tax-return.workflow.ts';
export { exchangeRateImportWorkflow } from './exchange-rate-import/exchange-rate-import.workflow.ts';
export { revenueRecognitionWorkflow } from './revenue-recognition/revenue-recognition.workflow.ts';

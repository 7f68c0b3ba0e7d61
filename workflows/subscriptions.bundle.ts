/** The workflow types of the queue of subscriptions: permanent. */
export { renewalRunWorkflow } from './renewal-run/renewal-run.workflow.ts';
export { subscriptionWorkflow } from './subscription/subscription.workflow.ts';

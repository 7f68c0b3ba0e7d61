import type { RenewalTally } from '../../services/renewal-run/renewal-run-store.ts';
import type { DuePlace } from '../../services/subscription/subscription-store.ts';

/** The workflow type and schedule id: permanent. */
export const renewalRunWorkflowType = 'renewalRunWorkflow';
export const renewalRunScheduleId = 'renewal-run';

/** How often it runs, and how far ahead it looks: each subscription is seen before it is due. */
export const renewalRunEveryMs = 60 * 60_000;

/** After so many pages a run continues as new, so that its history stays small whatever the number of subscriptions. */
export const guardPagesPerRun = 50;

/** Where a run goes on. */
export interface RenewalRunProgress {
  /** The run's business time, ISO 8601 UTC; null: it begins now. */
  readonly at: string | null;
  readonly tally: RenewalTally | null;
  readonly after: DuePlace | null;
}

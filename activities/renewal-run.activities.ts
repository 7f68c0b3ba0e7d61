import type { GuardPage, RenewalGuard } from '../services/renewal-run/renewal-guard.ts';
import type { RenewalRun, RenewalTally } from '../services/renewal-run/renewal-run-store.ts';
import type { DuePlace } from '../services/subscription/subscription-store.ts';
import { atTheBorder } from './activity-failure.ts';

export interface RenewalRunDeps {
  readonly renewalGuard: Pick<RenewalGuard, 'guardPage' | 'close'>;
  /** ISO 8601 UTC: reports say when a run really ended. */
  readonly now: () => string;
}

/** Each is asked about with one call to Temporal, ten at a time: about a second per page. Of commands one page per run. */
const subscriptionsPerPage = 500;

export function createRenewalRunActivities({ renewalGuard, now }: RenewalRunDeps) {
  return atTheBorder({
    /** Looks after one page of those that have to act before `horizon`, and first of commands that nobody sent. Repeatable. */
    guardSubscriptions: (request: {
      readonly at: string;
      readonly horizon: string;
      readonly after: DuePlace | null;
    }): Promise<GuardPage> => renewalGuard.guardPage({ ...request, limit: subscriptionsPerPage }),

    reportRenewalRun: ({ at, tally }: { readonly at: string; readonly tally: RenewalTally }): Promise<RenewalRun> =>
      renewalGuard.close({ at, tally, endedAt: now() }),
  });
}

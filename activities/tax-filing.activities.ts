import type { FilingReminder } from '../domain/tax-report/filing-period.ts';
import type {
  AwaitedReturn,
  ClosingOutcome,
  FilingWork,
  PeriodKey,
  TaxReportService,
} from '../services/tax-report/tax-report-service.ts';
import { atTheBorder } from './activity-failure.ts';

export interface TaxFilingDeps {
  readonly taxReports: Pick<TaxReportService, 'openPeriods' | 'closePeriod' | 'markFiled' | 'remind'>;
  /** Idempotent while the return's workflow runs. */
  readonly startTaxReturn: (input: AwaitedReturn) => Promise<void>;
}

/** Periods and dates only: what a return says stays in its record. */
export function createTaxFilingActivities({ taxReports, startTaxReturn }: TaxFilingDeps) {
  return atTheBorder({
    openFilingPeriods: ({ at }: { readonly at: string }): Promise<FilingWork> => taxReports.openPeriods({ at }),

    closeFilingPeriod: (request: PeriodKey & { readonly at: string }): Promise<ClosingOutcome> =>
      taxReports.closePeriod(request),

    startTaxReturns: async ({ returns }: { readonly returns: readonly AwaitedReturn[] }): Promise<void> => {
      for (const one of returns) await startTaxReturn(one);
    },

    markReturnFiled: (
      request: PeriodKey & { readonly reference: string; readonly by: string; readonly at: string },
    ): Promise<void> => taxReports.markFiled(request),

    remindOfFiling: (request: PeriodKey & { readonly kind: FilingReminder; readonly at: string }): Promise<void> =>
      taxReports.remind(request),
  });
}

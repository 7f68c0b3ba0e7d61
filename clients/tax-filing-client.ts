import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { fail } from '../domain/failures.ts';
import type { TaxReportService } from '../services/tax-report/tax-report-service.ts';
import { markReturnFiledUpdate, taxReturnWorkflowType } from '../workflows/tax-filing/tax-filing.contract.ts';
import type { Filing, TaxReturnInput, TaxReturnKey } from '../workflows/tax-filing/tax-filing.contract.ts';
import { taxReturnStart } from '../workflows/tax-filing/tax-return-start.contract.ts';
import { asFailures } from './order-client.ts';

export type TaxFilingClient = ReturnType<typeof createTaxFilingClient>;

export interface TaxFilingClientDeps {
  readonly temporal: Client;
  readonly taxReports: Pick<TaxReportService, 'report'>;
}

/** What operators tell the workflow of a return. */
export function createTaxFilingClient({ temporal, taxReports }: TaxFilingClientDeps) {
  /** True: filed as said. @throws tax_report.not_found, tax_report.not_closed, tax_report.conflict */
  async function isFiled({ scheme, period }: TaxReturnKey, { reference }: Filing, at: string): Promise<boolean> {
    const { status, filing } = await taxReports.report({ scheme, period, at });
    if (status === 'open') return fail('tax_report.not_closed', `${scheme}/${period} is still open`);
    if (filing !== null && filing.reference !== reference)
      return fail('tax_report.conflict', `${scheme}/${period} was filed as ${filing.reference}`);
    return filing !== null;
  }

  return {
    /**
     * Marks a closed return as filed, also one that nobody waits for any more: then its workflow is started for it.
     * @param at ISO 8601 UTC
     * @throws tax_report.not_found, tax_report.not_closed, tax_report.conflict, workflow.unavailable
     */
    async markFiled(key: TaxReturnKey, filing: Filing, at: string): Promise<void> {
      if (await isFiled(key, filing, at)) return;
      const { scheme, period } = key;
      const input: TaxReturnInput = { scheme, period, reminders: [], givenUpAt: at };
      const startWorkflowOperation = new WithStartWorkflowOperation(taxReturnWorkflowType, taxReturnStart(input));
      await asFailures(
        () =>
          temporal.workflow.executeUpdateWithStart(markReturnFiledUpdate, { args: [filing], startWorkflowOperation }),
        async () => {
          // It ended with the update, or just before it.
          if (!(await isFiled(key, filing, at))) fail('workflow.unavailable', `${scheme}/${period} has just ended`);
          return { status: 'filed' as const };
        },
      );
    },
  };
}

import { defineUpdate } from '@temporalio/workflow';
import type { FilingReminder } from '../../domain/tax-report/filing-period.ts';
import type { TaxScheme } from '../../domain/tax-report/data/filing-rules.ts';

/** The workflow types and the schedule's id: permanent. */
export const taxFilingWorkflowType = 'taxFilingWorkflow';
export const taxReturnWorkflowType = 'taxReturnWorkflow';
export const taxFilingScheduleId = 'tax-filing';

/** At the legal entity's seat, after midnight and after any clock change. */
export const taxFilingTime = { hour: 3, minute: 30, timezone: 'Europe/Dublin' } as const;

export interface TaxReturnKey {
  readonly scheme: TaxScheme;
  /** "2026-Q4" or "2026-11". */
  readonly period: string;
}

export interface TaxFilingOutcome {
  readonly closed: readonly TaxReturnKey[];
  /** The rates of their last day are not published yet; the next run tries again. */
  readonly waitingForRates: readonly TaxReturnKey[];
  /** Could not be closed; somebody has to look. */
  readonly failed: readonly TaxReturnKey[];
}

/** Instants are ISO 8601 UTC, the earliest first. */
export interface TaxReturnInput extends TaxReturnKey {
  readonly reminders: readonly { readonly kind: FilingReminder; readonly at: string }[];
  /** When nobody waits any more. */
  readonly givenUpAt: string;
}

/** `not_filed`: long overdue. The return can still be marked as filed, which starts the workflow again. */
export interface TaxReturnOutcome extends TaxReturnKey {
  readonly outcome: 'filed' | 'not_filed';
  readonly overdue: boolean;
}

export interface Filing {
  /** The authority's number, or what else proves the filing. */
  readonly reference: string;
  /** The operator's opaque id. */
  readonly by: string;
}

/** An update: the operator needs to know whether it was taken. @throws tax_report.not_closed, tax_report.conflict */
export const markReturnFiledUpdate = defineUpdate<{ readonly status: 'filed' }, [Filing]>('markReturnFiled');

export function taxReturnWorkflowId({ scheme, period }: TaxReturnKey): string {
  return `tax-return/${scheme}/${period}`;
}

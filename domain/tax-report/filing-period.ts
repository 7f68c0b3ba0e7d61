import { fail } from '../failures.ts';
import type { LegalEntity } from '../invoice/legal-entity.ts';
import { rowOn } from '../tax/dated-row.ts';
import { addDays, addInterval, startOfDay } from '../time/calendar-date.ts';
import { filingRules } from './data/filing-rules.ts';
import type { FilingRuleRow, TaxScheme } from './data/filing-rules.ts';

/** One return. `period` is "2026-Q4" or "2026-11"; texts of one scheme sort by time. */
export interface FilingPeriod {
  readonly scheme: TaxScheme;
  readonly period: string;
  /** Local dates at the legal entity's seat, half-open. */
  readonly start: string;
  readonly end: string;
  /** The last day on which return and payment are in time. */
  readonly dueDate: string;
}

/** How a scheme wants the return of a period that holds that date. @throws tax.data_missing */
export function filingRule(scheme: TaxScheme, date: string): FilingRuleRow {
  const rows = filingRules.filter((row) => row.scheme === scheme);
  return rowOn(rows, date) ?? fail('tax.data_missing', `No filing rule is on file for ${scheme} on ${date}`);
}

/** The period of a scheme that a local date is in. @throws tax.data_missing, time.date_invalid */
export function periodOfDate(scheme: TaxScheme, date: string): FilingPeriod {
  const rule = filingRule(scheme, date);
  const year = date.slice(0, 4);
  const month = Number(date.slice(5, 7));
  const length = rule.interval === 'quarter' ? 3 : 1;
  const first = month - ((month - 1) % length);
  const start = `${year}-${first.toString().padStart(2, '0')}-01`;
  const end = addInterval(start, { interval: 'month', count: length });
  const period = rule.interval === 'quarter' ? `${year}-Q${(first + 2) / 3}` : start.slice(0, 7);
  return { scheme, period, start, end, dueDate: dueDateAfter(end, rule) };
}

function dueDateAfter(end: string, { dueDay }: FilingRuleRow): string {
  return dueDay === 'last'
    ? addDays(addInterval(end, { interval: 'month', count: 1 }), -1)
    : `${end.slice(0, 8)}${dueDay.toString().padStart(2, '0')}`;
}

/** @throws request.invalid when the text is no period of the scheme */
export function parsePeriod(scheme: TaxScheme, text: string): FilingPeriod {
  const [, year, quarter, month] = /^(\d{4})-(?:Q([1-4])|(\d{2}))$/.exec(text) ?? [];
  const first = quarter === undefined ? (month ?? '') : (Number(quarter) * 3 - 2).toString().padStart(2, '0');
  const valid = year !== undefined && year >= '2020' && first >= '01' && first <= '12';
  const found = valid ? periodOfDate(scheme, `${year}-${first}-01`) : null;
  if (found !== null && found.period === text) return found;
  const message = `must be a period of "${scheme}" such as "${periodOfDate(scheme, '2026-11-01').period}"`;
  return fail('request.invalid', `"${text}" is not a period of ${scheme}`, [{ path: 'period', message }]);
}

export function nextPeriod({ scheme, end }: FilingPeriod): FilingPeriod {
  return periodOfDate(scheme, end);
}

/** The first instant (ISO 8601 UTC) after a period at the legal entity's seat: its midnight, whatever the clocks do. */
export function periodEndsAt({ end }: FilingPeriod, { timeZone }: Pick<LegalEntity, 'timeZone'>): string {
  return startOfDay(end, timeZone);
}

/** The name under which return and payment belong together: country, tax id, period (as the One-Stop Shop writes it). */
export function returnReference(
  { scheme, period }: FilingPeriod,
  { country, taxId }: Pick<LegalEntity, 'country' | 'taxId'>,
): string {
  const [year = '', part = ''] = period.split('-');
  return scheme === 'oss' ? `${country}/${taxId}/${part}.${year}` : `${scheme.toUpperCase()}/${taxId}/${part}.${year}`;
}

/** Whether the return of one period may still correct that of another, by the rule of the corrected one. */
export function isCorrectable(corrected: FilingPeriod, inReturn: FilingPeriod): boolean {
  const { correctableYears } = filingRule(corrected.scheme, corrected.start);
  if (correctableYears === null) return true;
  return inReturn.dueDate <= addInterval(corrected.dueDate, { interval: 'year', count: correctableYears });
}

/** When a period is closed: a day after its end, so that documents of its last minutes are in its own return. ISO 8601 UTC. */
export function periodClosesAt({ end }: FilingPeriod, { timeZone }: Pick<LegalEntity, 'timeZone'>): string {
  return startOfDay(addDays(end, 1), timeZone);
}

const reminderDays = {
  due_in_14_days: -14,
  due_in_7_days: -7,
  due_in_2_days: -2,
  overdue: 1,
  overdue_for_10_days: 10,
} as const;

/** What operators are told about a return that is not filed, by days from the due date. The authority itself reminds on the tenth day. */
export const filingReminderKinds = [
  'due_in_14_days',
  'due_in_7_days',
  'due_in_2_days',
  'overdue',
  'overdue_for_10_days',
] as const satisfies readonly (keyof typeof reminderDays)[];
export type FilingReminder = (typeof filingReminderKinds)[number];

/** In their order, at the instants (ISO 8601 UTC) at which their days begin at the legal entity's seat. */
export function filingReminders(
  { dueDate }: FilingPeriod,
  { timeZone }: Pick<LegalEntity, 'timeZone'>,
): readonly { readonly kind: FilingReminder; readonly at: string }[] {
  return filingReminderKinds.map((kind) => ({ kind, at: startOfDay(addDays(dueDate, reminderDays[kind]), timeZone) }));
}

/** When nobody waits for the filing any more; it may still be filed. */
export function filingGivenUpAt({ dueDate }: FilingPeriod, { timeZone }: Pick<LegalEntity, 'timeZone'>): string {
  return startOfDay(addDays(dueDate, 31), timeZone);
}

import type { Recurrence } from '../catalog/catalog.ts';
import { periodAt, wholeFirstPeriod } from '../periods/billing-period.ts';
import type { TimeShare } from './proration.ts';

/**
 * Which part of a recurring price is charged with the sale; null: all of it. Nothing where a trial comes first or usage
 * is paid afterwards, and the part of the calendar's period that is left where periods follow the calendar.
 * @param sale.at ISO 8601 UTC; `timeZone` IANA; `trial` false where the customer waives it or has had one
 * @throws time.date_invalid, time.zone_unknown
 */
export function firstChargeShare(
  recurring: Recurrence | null,
  { at, timeZone, trial }: { readonly at: string; readonly timeZone: string; readonly trial: boolean },
): TimeShare | null {
  if (recurring === null) return null;
  if (recurring.usage === 'metered' || (trial && recurring.trial !== undefined)) return { seconds: 0, of: 1 };
  if (recurring.align !== 'calendar') return null;
  const anchor = { at, timeZone, alignment: 'calendar' } as const;
  return {
    seconds: seconds(periodAt(anchor, recurring, 0)),
    of: seconds(wholeFirstPeriod(anchor, recurring)),
  };
}

function seconds({ start, end }: { readonly start: string; readonly end: string }): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / 1_000);
}

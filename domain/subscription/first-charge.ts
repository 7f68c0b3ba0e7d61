import type { Recurrence } from '../catalog/catalog.ts';
import { periodAt, wholeFirstPeriod } from '../periods/billing-period.ts';
import type { BillingAnchor } from '../periods/billing-period.ts';
import type { CalendarInterval } from '../time/calendar-date.ts';
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
  return firstPartShare({ at, timeZone, alignment: recurring.align ?? 'anniversary' }, recurring);
}

/**
 * Which part of a period's price the first period of an anchor costs, where periods follow the calendar; null: all of it.
 * @throws time.date_invalid, time.zone_unknown
 */
export function firstPartShare(anchor: BillingAnchor, interval: CalendarInterval): TimeShare | null {
  if (anchor.alignment !== 'calendar') return null;
  return { seconds: seconds(periodAt(anchor, interval, 0)), of: seconds(wholeFirstPeriod(anchor, interval)) };
}

function seconds({ start, end }: { readonly start: string; readonly end: string }): number {
  return Math.round((Date.parse(end) - Date.parse(start)) / 1_000);
}

import type { Customer } from '../order/order.ts';
import { timeZones } from '../tax/data/time-zones.ts';

/** Where most customers live, in the two countries whose zones are on file by state and province. */
const busiest: Readonly<Record<string, string>> = { US: 'America/New_York', CA: 'America/Toronto' };

/**
 * In whose days a customer's periods, mornings and documents are counted, IANA: as the customer said, else that of the
 * state or country, which is its capital's where there are several. Fixed at sign-up.
 */
export function customerTimeZone({
  timeZone,
  country,
  region,
}: Pick<Customer, 'timeZone' | 'country' | 'region'>): string {
  const ofRegion = region === null ? undefined : timeZones[`${country}-${region}`];
  return timeZone ?? ofRegion ?? timeZones[country] ?? busiest[country] ?? 'UTC';
}

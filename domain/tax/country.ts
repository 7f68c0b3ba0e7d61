import isoCountries from 'i18n-iso-countries';
import { fail } from '../failures.ts';
import { canadianProvinces } from './data/canada.ts';
import { taxAreas } from './data/eu-territories.ts';
import { usStates } from './data/us-states.ts';

/** An ISO 3166-1 alpha-2 code in capitals. @throws request.invalid naming the path */
export function countryCode(value: string, path: string): string {
  const code = value.toUpperCase();
  if (code.length === 2 && isoCountries.isValid(code)) return code;
  return fail('request.invalid', `"${value}" is not an ISO 3166-1 country code`, [
    { path, message: 'must be a two-letter ISO 3166-1 country code' },
  ]);
}

/** The country whose tax law covers a code: Monaco is France, the Isle of Man the United Kingdom. */
export function taxCountryOf(country: string): string {
  return taxAreas.find((area) => area.code === country)?.country ?? country;
}

/** Two-letter subdivisions of the countries whose tax needs one; null elsewhere. */
function regionsOf(country: string): readonly string[] | null {
  if (country === 'US') return usStates;
  if (country === 'CA') return canadianProvinces;
  return null;
}

/**
 * The region as tax sees it: "tx", "TX" and "US-TX" are all TX. Countries without regional tax keep what was given.
 * @throws tax.region_required for the US and Canada when it is absent or not one of theirs
 */
export function taxRegion(country: string, region: string | null): string | null {
  const regions = regionsOf(country);
  if (regions === null) return region;
  const code = (region ?? '').trim().toUpperCase();
  const short = code.startsWith(`${country}-`) ? code.slice(3) : code;
  if (regions.includes(short)) return short;
  const what = region === null || region.trim() === '' ? 'is missing' : `"${region}" is not one of them`;
  return fail('tax.region_required', `${country} is taxed by state or province, and the region ${what}`, [
    { path: 'customer.region', message: `must be a state or province of ${country}, such as "${regions[0] ?? ''}"` },
  ]);
}

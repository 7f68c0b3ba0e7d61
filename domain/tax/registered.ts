import { taxCountryOf } from './country.ts';
import { euMemberStates } from './data/eu-vat.ts';
import { registrations } from './data/registrations.ts';
import type { RegistrationRow } from './data/registrations.ts';
import { holdsOn } from './dated-row.ts';

export interface RegistrationQuestion {
  readonly legalEntity: string;
  /** Where the legal entity is established, ISO 3166-1 alpha-2. */
  readonly sellerCountry: string;
  /** `registration` of an applicable tax: "FR", "US-TX", "CA-QC", "XI". */
  readonly registration: string;
  /** Local date of the jurisdiction. */
  readonly date: string;
}

/**
 * Whether a legal entity may charge that tax on a local date: by a registration of its own there or, in the EU and for
 * goods to Northern Ireland, by the One-Stop Shop, which never reports the sales of the entity's own country.
 */
export function isRegistered(
  { legalEntity, sellerCountry, registration, date }: RegistrationQuestion,
  rows: readonly RegistrationRow[] = registrations,
): boolean {
  const held = rows.filter((row) => row.legalEntity === legalEntity && holdsOn(row, date));
  const reportable = euMemberStates.includes(registration) || registration === 'XI';
  const byOneStopShop = reportable && registration !== taxCountryOf(sellerCountry);
  return held.some(({ key }) => key === registration || (byOneStopShop && key === 'EU'));
}

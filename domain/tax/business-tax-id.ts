import jsvat from 'jsvat-next';
import type { Country } from 'jsvat-next';
import { taxCountryOf } from './country.ts';
import { businessTaxIdPatterns } from './data/business-tax-id-patterns.ts';

/** A well-formed id: the country that gave it and one way to write it ("FR40303265045", "EL094259216"). */
export interface BusinessTaxId {
  readonly country: string;
  readonly normalised: string;
}

interface Checksum {
  readonly rules: Country;
  /** What the id begins with; EL for Greece. */
  readonly prefix: string;
}

const checksums: Readonly<Record<string, Checksum>> = {
  AT: { rules: jsvat.austria, prefix: 'AT' },
  AU: { rules: jsvat.australia, prefix: 'AU' },
  BE: { rules: jsvat.belgium, prefix: 'BE' },
  BG: { rules: jsvat.bulgaria, prefix: 'BG' },
  BR: { rules: jsvat.brazil, prefix: 'BR' },
  CH: { rules: jsvat.switzerland, prefix: 'CHE' },
  CY: { rules: jsvat.cyprus, prefix: 'CY' },
  CZ: { rules: jsvat.czechRepublic, prefix: 'CZ' },
  DE: { rules: jsvat.germany, prefix: 'DE' },
  DK: { rules: jsvat.denmark, prefix: 'DK' },
  EE: { rules: jsvat.estonia, prefix: 'EE' },
  ES: { rules: jsvat.spain, prefix: 'ES' },
  FI: { rules: jsvat.finland, prefix: 'FI' },
  FR: { rules: jsvat.france, prefix: 'FR' },
  GB: { rules: jsvat.unitedKingdom, prefix: 'GB' },
  GR: { rules: jsvat.greece, prefix: 'EL' },
  HR: { rules: jsvat.croatia, prefix: 'HR' },
  HU: { rules: jsvat.hungary, prefix: 'HU' },
  IE: { rules: jsvat.ireland, prefix: 'IE' },
  IT: { rules: jsvat.italy, prefix: 'IT' },
  LT: { rules: jsvat.lithuania, prefix: 'LT' },
  LU: { rules: jsvat.luxembourg, prefix: 'LU' },
  LV: { rules: jsvat.latvia, prefix: 'LV' },
  MT: { rules: jsvat.malta, prefix: 'MT' },
  NL: { rules: jsvat.netherlands, prefix: 'NL' },
  NO: { rules: jsvat.norway, prefix: 'NO' },
  PL: { rules: jsvat.poland, prefix: 'PL' },
  PT: { rules: jsvat.portugal, prefix: 'PT' },
  RO: { rules: jsvat.romania, prefix: 'RO' },
  RS: { rules: jsvat.serbia, prefix: 'RS' },
  SE: { rules: jsvat.sweden, prefix: 'SE' },
  SI: { rules: jsvat.slovenia, prefix: 'SI' },
  SK: { rules: jsvat.slovakiaRepublic, prefix: 'SK' },
};

/** Northern Ireland's ids are for goods; for services, which we sell, it is the United Kingdom. */
const countryOfPrefix: Readonly<Record<string, string>> = { EL: 'GR', GR: 'GR', XI: 'GB', CHE: 'CH' };

/**
 * Format and checksum, offline. The prefix decides the country where the id has one (a French company's Irish address is
 * no mistake); without one the customer's country does. Whether the id exists is for the register to say.
 */
export function parseBusinessTaxId(request: {
  readonly country: string;
  readonly businessTaxId: string;
}): 'malformed' | BusinessTaxId {
  const text = request.businessTaxId
    .toUpperCase()
    .replace(/[\s.\-/]/g, '')
    .replace(/^ABN(?=\d)/, 'AU');
  // One-Stop Shop numbers name a seller, never a customer.
  if (/^(EU|IM)\d{9}/.test(text)) return 'malformed';
  const own = taxCountryOf(request.country.toUpperCase());
  const named = prefixCountry(text);
  // A country without prefixes may have ids that begin like another's: "IN" is India, a Mexican RFC may begin with "DE".
  if (named !== null && (named === own || checksums[own] !== undefined)) return checked(named, text);
  if (checksums[own] !== undefined) return checked(own, text);
  const pattern = businessTaxIdPatterns[own];
  if (pattern !== undefined && pattern.test(text)) return { country: own, normalised: text };
  if (named !== null) return checked(named, text);
  return pattern === undefined && anyId.test(text) ? { country: own, normalised: text } : 'malformed';
}

/** Where we know nothing about a country's ids, a plausible one passes: the register decides. */
const anyId = /^(?=.*\d)[A-Z0-9]{5,20}$/;

function prefixCountry(text: string): string | null {
  const three = countryOfPrefix[text.slice(0, 3)];
  if (three !== undefined) return three;
  const two = text.slice(0, 2);
  const country = countryOfPrefix[two] ?? two;
  return checksums[country] === undefined || country === 'CH' ? null : country;
}

function checked(country: string, text: string): 'malformed' | BusinessTaxId {
  const checksum = checksums[country];
  if (checksum === undefined) return 'malformed';
  const bare = withoutSuffix(country, withoutPrefix(checksum.prefix, country, text));
  const prefix = text.startsWith('XI') ? 'XI' : checksum.prefix;
  const normalised = country === 'NO' ? `NO${bare}MVA` : `${prefix}${bare}`;
  // The library knows Norwegian numbers by their suffix and without a prefix.
  const asLibraryKnows = country === 'NO' ? `${bare}MVA` : normalised;
  return jsvat.checkVAT(asLibraryKnows, [checksum.rules]).isValid ? { country, normalised } : 'malformed';
}

function withoutPrefix(prefix: string, country: string, text: string): string {
  const written = [prefix, country, 'XI'].find((start) => start.length > 1 && text.startsWith(start));
  return written === undefined ? text : text.slice(written.length);
}

/** Norwegian and Swiss ids are often written with the name of the tax behind them. */
function withoutSuffix(country: string, text: string): string {
  if (country === 'NO') return text.replace(/MVA$/, '');
  if (country === 'CH') return text.replace(/(MWST|TVA|IVA|VAT)$/, '');
  return text;
}

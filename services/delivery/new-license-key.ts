import { customAlphabet } from 'nanoid';
import { formatLicenseKey, licenseKeyRandomLength } from '../../domain/delivery/license-key.ts';
import { idAlphabet } from '../../domain/ids.ts';

const randomCharacters = customAlphabet(idAlphabet, licenseKeyRandomLength);

/** A licence key from the system's random source: 95 bits, so that guessing one is hopeless. */
export function newLicenseKey(): string {
  return formatLicenseKey(randomCharacters());
}

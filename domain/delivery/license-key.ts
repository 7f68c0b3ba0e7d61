import { fail } from '../failures.ts';
import { idAlphabet } from '../ids.ts';

const groupLength = 5;
const keyLength = 20;

/** Random characters a key is made of: 19 × 5 bits = 95 bits. The twentieth is the check character. */
export const licenseKeyRandomLength = keyLength - 1;

/**
 * "XXXXX-XXXXX-XXXXX-XXXXX" from 19 random characters of Crockford's alphabet and a check character.
 * @throws request.invalid for anything but 19 characters of the alphabet
 */
export function formatLicenseKey(random: string): string {
  const values = valuesOf(random);
  if (values === null || values.length !== licenseKeyRandomLength) {
    fail('request.invalid', `a licence key is made of ${licenseKeyRandomLength} characters of Crockford's alphabet`);
  }
  return group(`${random}${idAlphabet.charAt(timesX(remainder(values)))}`);
}

/**
 * The key as it was issued, from what a person typed: lower case, blanks, missing dashes, O for 0, I and L for 1. null
 * when it cannot be a key of ours: any one wrong character and any two swapped ones are noticed.
 */
export function parseLicenseKey(typed: string): string | null {
  const compact = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const values = valuesOf(compact);
  if (values === null || values.length !== keyLength) return null;
  return remainder(values) === 0 ? group(compact) : null;
}

function valuesOf(text: string): number[] | null {
  const values = [...text].map((character) => idAlphabet.indexOf(character));
  return values.includes(-1) ? null : values;
}

/**
 * The characters are the coefficients of a polynomial over GF(32), evaluated at a primitive element. Each of 31
 * places has a weight of its own, so that one wrong character or one swap always leaves a remainder.
 */
function remainder(values: readonly number[]): number {
  return values.reduce((sum, value) => timesX(sum) ^ value, 0);
}

/** Multiplication by the primitive element: x^5 + x^2 + 1 = 0. */
function timesX(value: number): number {
  const shifted = value << 1;
  return shifted > 31 ? shifted ^ 0b100101 : shifted;
}

function group(characters: string): string {
  const groups: string[] = [];
  for (let at = 0; at < characters.length; at += groupLength) groups.push(characters.slice(at, at + groupLength));
  return groups.join('-');
}

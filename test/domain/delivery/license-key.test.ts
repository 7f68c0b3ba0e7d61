import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatLicenseKey, licenseKeyRandomLength, parseLicenseKey } from '../../../domain/delivery/license-key.ts';
import { Failure } from '../../../domain/failures.ts';
import { idAlphabet } from '../../../domain/ids.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const character = fc.constantFrom(...idAlphabet);
const random = fc.string({ unit: character, minLength: licenseKeyRandomLength, maxLength: licenseKeyRandomLength });
const place = fc.integer({ min: 0, max: 19 });

function compact(key: string): string[] {
  return [...key.replaceAll('-', '')];
}

describe('licence keys', () => {
  it('are four groups of five characters of an alphabet without I, L, O and U', () => {
    fc.assert(
      fc.property(random, (characters) => {
        expect(formatLicenseKey(characters)).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('are read back as they were issued, however they are typed', () => {
    fc.assert(
      fc.property(random, (characters) => {
        const key = formatLicenseKey(characters);
        expect(parseLicenseKey(key)).toBe(key);
        const typed = ` ${key.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l')} `;
        expect(parseLicenseKey(typed)).toBe(key);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('notice any one wrong character', () => {
    fc.assert(
      fc.property(random, place, character, (characters, at, wrong) => {
        const typed = compact(formatLicenseKey(characters));
        fc.pre(typed[at] !== wrong);
        expect(parseLicenseKey(typed.with(at, wrong).join(''))).toBeNull();
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('notice any two characters that changed places', () => {
    fc.assert(
      fc.property(random, place, place, (characters, a, b) => {
        const typed = compact(formatLicenseKey(characters));
        const [first = '', second = ''] = [typed[a], typed[b]];
        fc.pre(first !== second);
        expect(parseLicenseKey(typed.with(a, second).with(b, first).join(''))).toBeNull();
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('are not read from other text', () => {
    for (const text of ['', 'AAAAA', 'UUUUU-UUUUU-UUUUU-UUUUU', 'not a key', '4111 1111 1111 1111']) {
      expect(parseLicenseKey(text)).toBeNull();
    }
  });

  it('are refused when the random part has another length or alphabet', () => {
    for (const wrong of ['', 'A'.repeat(18), 'A'.repeat(20), `${'A'.repeat(18)}U`, `${'A'.repeat(18)}a`]) {
      expect(() => formatLicenseKey(wrong)).toThrow(Failure);
    }
  });
});

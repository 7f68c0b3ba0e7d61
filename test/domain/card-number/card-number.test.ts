import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findCardNumbers, maskCardNumbers } from '../../../domain/card-number.ts';
import { idAlphabet, orderNumber } from '../../../domain/ids.ts';
import { propertyRuns } from '../../support/property-runs.ts';

/** The published test numbers of the networks. */
const testNumbers = [
  ['Visa', '4111111111111111'],
  ['Visa', '4242424242424242'],
  ['Visa, 13 digits', '4222222222222'],
  ['Visa, 19 digits', '4000000000000000071'],
  ['Mastercard', '5555555555554444'],
  ['Mastercard, 2-series', '2223003122003222'],
  ['American Express', '378282246310005'],
  ['Diners Club', '30569309025904'],
  ['Discover', '6011111111111117'],
  ['JCB', '3566002020360505'],
  ['UnionPay', '6200000000000005'],
  ['UnionPay, 19 digits', '6205500000000000004'],
  ['Maestro', '6759649826438453'],
  ['Mir', '2200000000000004'],
  ['Troy', '9792020000000001'],
] as const;

function withCheckDigit(digits: string): string {
  for (const check of '0123456789') {
    let total = 0;
    [...(digits + check)].reverse().forEach((digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      total += value > 9 ? value - 9 : value;
    });
    if (total % 10 === 0) return digits + check;
  }
  throw new Error(digits);
}

const digits = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: length, maxLength: length }).map((all) => all.join(''));
const luhnNumber = fc
  .integer({ min: 12, max: 18 })
  .chain(digits)
  .map(withCheckDigit)
  .filter((number) => /[1-9]/.test(number));
const crockfordId = fc
  .array(fc.constantFrom(...idAlphabet), { minLength: 16, maxLength: 16 })
  .map((all) => all.join(''))
  .filter((id) => /[A-Z].{0,12}[A-Z]/.test(id));

describe('findCardNumbers', () => {
  it.each(testNumbers)('finds a test number of %s: %s', (_, number) => {
    expect(findCardNumbers(number)).toEqual(['']);
    expect(findCardNumbers({ metadata: { note: number } })).toEqual(['metadata.note']);
    expect(findCardNumbers({ note: `card ${number}, valid 12/27, cvc 123` })).toEqual(['note']);
    expect(findCardNumbers({ note: `(${number})` })).toEqual(['note']);
    expect(findCardNumbers({ note: `PAN:${number};exp=1227` })).toEqual(['note']);
    expect(findCardNumbers({ note: `${number} 12 27 123` })).toEqual(['note']);
    expect(findCardNumbers({ note: `order 17 ${number}` })).toEqual(['note']);
    expect(findCardNumbers({ [number]: true })).toHaveLength(1);
    const grouped = number.replace(/(\d{4})(?=\d)/g, '$1 ');
    for (const text of [
      grouped,
      grouped.replaceAll(' ', '-'),
      grouped.replaceAll(' ', ' - '),
      grouped.replaceAll(' ', '\u00a0'),
    ])
      expect(findCardNumbers([`my card: ${text} ok`])).toEqual(['[0]']);
  });

  it('finds every Luhn number of 13 to 19 digits, however it is separated and wherever it stands', () => {
    const separator = fc.constantFrom('', '', ' ', '-', '\u2013', '  ');
    fc.assert(
      fc.property(luhnNumber, fc.array(separator, { minLength: 19, maxLength: 19 }), (number, gaps) => {
        const text = [...number]
          .map((digit, index) => digit + (index < number.length - 1 ? (gaps[index] ?? '') : ''))
          .join('');
        expect(findCardNumbers({ a: [{ b: `x: ${text}.` }] })).toEqual(['a[0].b']);
        expect(findCardNumbers({ [`k ${text}`]: 1 })).toHaveLength(1);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('does not report a number with one wrong digit', () => {
    fc.assert(
      fc.property(luhnNumber, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, at, step) => {
        const index = at % number.length;
        const wrong = number.slice(0, index) + ((Number(number[index]) + step) % 10) + number.slice(index + 1);
        expect(findCardNumbers({ note: wrong })).toEqual([]);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('does not report digit runs that are too short or unbroken and too long', () => {
    const short = fc.integer({ min: 1, max: 11 }).chain(digits).map(withCheckDigit);
    const long = fc.integer({ min: 20, max: 60 }).chain(digits);
    fc.assert(
      fc.property(fc.oneof(short, long), (number) => {
        expect(findCardNumbers([`no ${number}.`])).toEqual([]);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('does not report ids, order numbers, UUIDs, hashes or times of ours', () => {
    const hex = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(
        crockfordId,
        fc.uuid(),
        fc.date({ min: new Date('1970-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z'), noInvalidDate: true }),
        hex,
        (id, uuid, date, hash) => {
          const iso = date.toISOString();
          const value = {
            id: `ord_${id}`,
            number: orderNumber(`ord_${id}`),
            uuid,
            at: iso,
            day: iso.slice(0, 10),
            period: `${iso.slice(0, 10)} - ${iso.slice(0, 10)}`,
            spaced: iso.replace('T', ' '),
            hash: `a${hash.join('')}`,
          };
          expect(findCardNumbers(value)).toEqual([]);
        },
      ),
      { numRuns: propertyRuns() },
    );
  });

  it.each([
    '+49 30 123456789 07',
    '+44 (0)20 7946 0018',
    '+378282246310005',
    'call +1 415 555 2671 or +1 415 555 2672',
    '192.168.100.200',
    '0.1234567890123452',
    '52.520006599999995',
    '000000000000000',
    '0000-0000-0000-0000',
    '2027-01-31 2027-02-28',
    'DE89 3704 0044 0532 0130 01',
    'VAT DE136695976',
    '',
  ])('does not report %j', (text) => {
    expect(findCardNumbers({ text })).toEqual([]);
  });

  it('reads JSON numbers as digits', () => {
    expect(findCardNumbers({ lines: [{ price: 4111111111111111 }, { price: 1999 }] })).toEqual(['lines[0].price']);
  });

  it('reads full-width and Arabic digits', () => {
    const fullWidth = [...'4111111111111111'].map((digit) => String.fromCharCode(0xff10 + Number(digit))).join('');
    expect(findCardNumbers([fullWidth])).toEqual(['[0]']);
  });

  it('answers every path once, in the order of the value, and never repeats the number in a path', () => {
    const pan = '4111111111111111';
    const paths = findCardNumbers({
      customer: { name: pan, email: 'a@b.c' },
      metadata: { 'my note': pan, [pan]: pan, ok: null },
      lines: [{ price: 'p' }, { price: `x ${pan}` }],
      deep: [[pan]],
    });
    expect(new Set(paths)).toEqual(
      new Set(['customer.name', 'metadata["my note"]', 'metadata["************1111"]', 'lines[1].price', 'deep[0][0]']),
    );
    expect(paths[0]).toBe('customer.name');
    expect(paths.join()).not.toContain(pan);
  });

  it('walks input of any depth and any size', () => {
    let deep: unknown = '4111111111111111';
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    expect(findCardNumbers(deep)).toHaveLength(1);
    // Quadratic work on these would run into the test's own time limit.
    expect(findCardNumbers('1 '.repeat(200_000) + '4 '.repeat(200_000)).length).toBeLessThanOrEqual(1);
    expect(findCardNumbers('7'.repeat(1_000_000))).toEqual([]);
  });
});

describe('maskCardNumbers', () => {
  it('leaves the last four digits and everything around the number', () => {
    expect(maskCardNumbers('pay 4111 1111-1111 1111 now, ref 12345')).toBe('pay **** ****-**** 1111 now, ref 12345');
    expect(maskCardNumbers('4111111111111111/378282246310005')).toBe('************1111/***********0005');
    expect(maskCardNumbers('4111111111111111 12 27')).toBe('************1111 12 27');
    expect(maskCardNumbers('nothing here')).toBe('nothing here');
  });

  it('leaves nothing that would be found again and keeps the length', () => {
    fc.assert(
      fc.property(luhnNumber, fc.string(), fc.string(), (number, before, after) => {
        const text = `${before} ${number} ${after}`;
        const masked = maskCardNumbers(text);
        expect(masked).toHaveLength(text.length);
        expect(findCardNumbers(masked)).toEqual([]);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

/**
 * Finds payment card numbers in what callers send us, so that they are refused before anything is stored or logged.
 *
 * A card number is 13–19 digits that pass the Luhn check. Between digits, up to three spaces or dashes of any kind are
 * read over; full-width and Arabic digits count as digits. The decisions:
 * - A whole run of 13–19 digits that passes Luhn is reported whatever its first digits are (networks add ranges). One
 *   in ten arbitrary numbers of that length passes too, so identifiers of ours are never 13–19 bare digits.
 * - In a longer run (a card next to its expiry date, an order number before it) a part that starts and ends at a
 *   separator is reported when prefix and length are those of a known network. An unbroken run of 20 or more digits is
 *   not a card number.
 * - Not read as digits of a card: UUIDs and long hexadecimal tokens with a letter in them, calendar dates, a value
 *   that is one decimal fraction (a coordinate), and up to 15 digits after a "+" (a telephone number, E.164). Our own
 *   ids (base 32 after a prefix), order numbers and ISO 8601 times hold no such run.
 */

const separators = ' \\t\\n\\r\\u00a0\\u2000-\\u200b\\u202f\\u3000\\u00ad\\u2010-\\u2015\\u2212\\ufeff\\uff0d-';
const digitRun = new RegExp(`[0-9](?:[${separators}]{0,3}[0-9])*`, 'g');
const digitGroup = /[0-9]+/g;
const otherNumbers = [
  /^-?[0-9]{1,3}\.[0-9]+$/g,
  /(?<![0-9a-z])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9a-z])/gi,
  /(?<![0-9a-z])[0-9a-f]{24,}(?![0-9a-z])/gi,
  /(?<![0-9])(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?![0-9])/g,
];
const foreignDigits = /[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/g;

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * The JSON paths (`metadata.note`, `lines[0].price`, empty for the value itself) of all strings, numbers and keys that hold a card number, outer
 * ones first as they stand in the value. A key that is one itself appears masked: paths are answered and logged.
 */
export function findCardNumbers(value: unknown): string[] {
  const found: string[] = [];
  const rest: { readonly path: string; readonly value: unknown }[] = [{ path: '', value }];
  // A stack of our own: the depth of the input is the caller's choice.
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { path, value: current } = next;
    const text = scalarText(current);
    if (text !== null) {
      if (cardNumberSpans(text).length > 0) found.push(path);
      continue;
    }
    if (typeof current !== 'object' || current === null) continue;
    const children = Array.isArray(current)
      ? current.map((item: unknown, index) => ({ path: `${path}[${index}]`, value: item }))
      : Object.entries(current).map(([key, item]: [string, unknown]) => {
          const below = childPath(path, key);
          if (cardNumberSpans(key).length > 0) found.push(below);
          return { path: below, value: item };
        });
    rest.push(...children.reverse());
  }
  return [...new Set(found)];
}

/** The text with every card number's digits but the last four replaced by "*". For logs and error messages. */
export function maskCardNumbers(text: string): string {
  let masked = '';
  let from = 0;
  for (const { start, end } of cardNumberSpans(text)) {
    const digits = asciiDigits(text.slice(start, end));
    const kept = [...digits.matchAll(/[0-9]/g)].at(-4)?.index ?? 0;
    masked += text.slice(from, start) + digits.slice(0, kept).replace(/[0-9]/g, '*') + digits.slice(kept);
    from = end;
  }
  return masked + text.slice(from);
}

function scalarText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? value.toString() : null;
}

function childPath(path: string, key: string): string {
  const name = maskCardNumbers(key);
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** Where card numbers stand in the text: ascending, without overlap. */
function cardNumberSpans(text: string): Span[] {
  if (text.length < 13) return [];
  const readable = otherNumbers.reduce((blanked, pattern) => blanked.replace(pattern, blankNumber), asciiDigits(text));
  return [...readable.matchAll(digitRun)].flatMap((run) => {
    const digits = run[0].replace(/[^0-9]/g, '');
    if (digits.length < 13) return [];
    const start = run.index;
    if (digits.length <= 19 && passesLuhn(digits))
      return isTelephone(readable, start, digits) ? [] : [{ start, end: start + run[0].length }];
    return partsOfRun(run[0]).map((part) => ({ start: start + part.start, end: start + part.end }));
  });
}

/** Card numbers of known networks that begin and end at a separator inside a run that is not one as a whole. */
function partsOfRun(run: string): Span[] {
  const groups = [...run.matchAll(digitGroup)].map((match) => ({ digits: match[0], start: match.index }));
  const spans: Span[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    let digits = '';
    for (let last = first; last < groups.length && digits.length < 19; last += 1) {
      const group = groups[last];
      if (group === undefined) break;
      digits += group.digits;
      if (!isNetworkNumber(digits)) continue;
      spans.push({ start: groups[first]?.start ?? 0, end: group.start + group.digits.length });
      first = last;
      break;
    }
  }
  return spans;
}

/**
 * Issuer ranges by network (ISO/IEC 7812; the networks' published BIN tables as of 2026-11), with the lengths in use.
 * Only for parts of longer runs: what is not listed here is still found when it stands alone.
 */
const networkNumber = [
  /^4(?:\d{12}|\d{15}|\d{18})$/, // Visa
  /^(?:5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d{2}|7[01]\d|720)\d{12})$/, // Mastercard
  /^3[47]\d{13}$/, // American Express
  /^3(?:0[0-5]|095|[689]\d)\d{11,16}$/, // Diners Club
  /^35\d{14,17}$/, // JCB
  /^(?:6011|64[4-9]\d|65\d{2})\d{12,15}$/, // Discover
  /^(?:62|81)\d{14,17}$/, // UnionPay
  /^(?:50|5[6-9]|6\d)\d{11,17}$/, // Maestro, RuPay, Elo, Verve
  /^(?:220[0-4]\d{12,15}|9792\d{12})$/, // Mir, Troy
];

function isNetworkNumber(digits: string): boolean {
  return networkNumber.some((pattern) => pattern.test(digits)) && passesLuhn(digits);
}

function passesLuhn(digits: string): boolean {
  let total = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    total += index % 2 === 0 ? digit : doubled;
  }
  // Zeros alone are a filled-in blank.
  return total > 0 && total % 10 === 0;
}

function isTelephone(text: string, start: number, digits: string): boolean {
  return digits.length <= 15 && /(?:^|[^0-9A-Za-z])\+\(?$/.test(text.slice(Math.max(0, start - 3), start));
}

/** Same length, so that positions stay those of the original; an all-digit token is left to the rules above. */
function blankNumber(token: string): string {
  return /^[0-9]{24,}$|^[0-9-]{36}$/.test(token) ? token : token.replace(/[0-9]/g, 'x');
}

function asciiDigits(text: string): string {
  return text.replace(foreignDigits, (digit) => (digit.charCodeAt(0) & 0xf).toString());
}

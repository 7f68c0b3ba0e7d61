import { z } from 'zod';
import { fail } from '../../../../domain/failures.ts';
import type { RatePublication } from '../../../../domain/money/exchange-rate.ts';

export const ecbSource = 'ECB euro foreign exchange reference rates';

const publicationsSchema = z
  .array(
    z.strictObject({
      date: z.iso.date(),
      rates: z
        .array(
          z.strictObject({
            currency: z.string().regex(/^[A-Z]{3}$/, 'not a currency code'),
            rate: z
              .string()
              .regex(/^\d{1,9}(\.\d{1,6})?$/, 'not a rate')
              .refine((text) => /[1-9]/.test(text), 'a rate of 0'),
          }),
        )
        .min(1)
        .refine((rates) => new Set(rates.map(({ currency }) => currency)).size === rates.length, 'a currency twice'),
    }),
  )
  .min(1)
  .refine((days) => new Set(days.map(({ date }) => date)).size === days.length, 'a day twice');

/**
 * Reads eurofxref-daily.xml and eurofxref-hist-90d.xml: in one outer Cube a Cube per day, in it an empty Cube per
 * currency. The whole of that outer Cube has to be understood; a tag that is anything else makes it unreadable, because
 * a rate that was skipped would be missed by nobody.
 * @throws exchange_rates.unreadable
 */
export function toPublications(xml: string): readonly RatePublication[] {
  const cubes = /<Cube>([\s\S]*)<\/Cube>\s*<\/gesmes:Envelope>\s*$/.exec(xml)?.[1];
  if (cubes === undefined) return fail('exchange_rates.unreadable', 'The file is not an envelope of rates');
  const parsed = publicationsSchema.safeParse(readDays(cubes));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return fail('exchange_rates.unreadable', `The file is not as agreed: ${issue?.path.join('.')} ${issue?.message}`);
  }
  return parsed.data
    .map(({ date, rates }) => ({
      source: ecbSource,
      date,
      base: 'EUR',
      rates: Object.fromEntries(rates.map(({ currency, rate }) => [currency, rate])),
    }))
    .sort((a, b) => (a.date < b.date ? -1 : 1));
}

const day = /\s*<Cube\s+time=(["'])([^"'<>]*)\1\s*>([\s\S]*?)<\/Cube>/y;
const rateOfDay = /\s*<Cube\s+currency=(["'])([^"'<>]*)\1\s+rate=(["'])([^"'<>]*)\3\s*\/>/y;

function readDays(text: string) {
  return readAll(text, day).map(([, , date, rates]) => ({
    date: date ?? '',
    rates: readAll(rates ?? '', rateOfDay).map(([, , currency, , rate]) => ({ currency, rate })),
  }));
}

/** Matches one after the other, with nothing between and after them but white space. */
function readAll(text: string, pattern: RegExp): RegExpExecArray[] {
  const sticky = new RegExp(pattern.source, 'y');
  const found: RegExpExecArray[] = [];
  for (let match = sticky.exec(text); match !== null; match = sticky.exec(text)) {
    found.push(match);
    if (text.slice(sticky.lastIndex).trim() === '') return found;
  }
  return fail('exchange_rates.unreadable', `Nothing readable after ${found.length} entries`);
}

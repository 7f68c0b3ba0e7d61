import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import jsvat from 'jsvat-next';
import { z } from 'zod';
import type { PartnerDeps } from './partner-api.ts';
import { guardPartner } from './partner-api.ts';

const checkSchema = z.strictObject({
  /** As registers write it: EL for Greece. */
  countryCode: z.string().regex(/^[A-Z]{2}$/),
  /** Without the country prefix. */
  vatNumber: z.string().min(2).max(20),
});

/** Well-formed numbers with an answer of their own (api.md). */
const unknownIds: ReadonlySet<string> = new Set(['DE136695976']);
const unavailableIds: ReadonlySet<string> = new Set(['IT00159560366']);
const countriesWithCheckDigits: ReadonlySet<string> = new Set([
  'EL',
  ...jsvat.countries.flatMap((country) => country.codes),
]);

/** A register of business tax ids in the manner of VIES: one answer, or "this member state does not answer". */
export function registerBusinessTaxIds(app: FastifyInstance, deps: PartnerDeps): void {
  guardPartner(app, 'business_tax_ids', deps);
  app.post('/check-vat-number', (request) => {
    const { countryCode, vatNumber } = checkSchema.parse(request.body);
    const id = `${countryCode}${vatNumber}`;
    if (unavailableIds.has(id)) return { actionSucceed: false, errorWrappers: [{ error: 'MS_UNAVAILABLE' }] };
    const valid = isWellFormed(countryCode, vatNumber) && !unknownIds.has(id);
    return {
      countryCode,
      vatNumber,
      valid,
      requestDate: new Date().toISOString(),
      requestIdentifier: valid ? `WAPI${randomUUID().replaceAll('-', '').slice(0, 12).toUpperCase()}` : '',
      userError: valid ? 'VALID' : 'INVALID',
    };
  });
}

function isWellFormed(country: string, number: string): boolean {
  if (!countriesWithCheckDigits.has(country)) return /^[A-Z0-9]{5,15}$/.test(number);
  return jsvat.checkVAT(`${country}${number}`, jsvat.countries).isValid;
}

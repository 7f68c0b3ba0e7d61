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

const statuses = ['confirmed', 'unknown', 'unavailable'] as const;
type RegisterStatus = (typeof statuses)[number];

/** Well-formed numbers with an answer of their own (api.md), until they are told another. */
const ownAnswers: readonly (readonly [id: string, status: RegisterStatus])[] = [
  ['DE136695976', 'unknown'],
  ['IT00159560366', 'unavailable'],
];

/** What the register says of single numbers; of every other well-formed one it says `confirmed`. */
export function createRegister() {
  const answers = new Map<string, RegisterStatus>(ownAnswers);
  return {
    statusOf: (id: string): RegisterStatus => answers.get(id) ?? 'confirmed',
    tell: (id: string, status: RegisterStatus): void => void answers.set(id, status),
  };
}
type Register = ReturnType<typeof createRegister>;

const idParams = z.object({ id: z.string().regex(/^[A-Z]{2}[A-Z0-9]{2,20}$/) });
const statusBody = z.strictObject({ status: z.enum(statuses) });

/** What the register's own clerks do: `POST /business-tax-ids/{id}` `{ status }` changes what it says of a number. */
export function registerBusinessTaxIdControl(app: FastifyInstance, register: Register): void {
  app.post('/business-tax-ids/:id', (request) => {
    const { id } = idParams.parse(request.params);
    const { status } = statusBody.parse(request.body);
    register.tell(id, status);
    return { id, status };
  });
}

const countriesWithCheckDigits: ReadonlySet<string> = new Set([
  'EL',
  ...jsvat.countries.flatMap((country) => country.codes),
]);

/** A register of business tax ids in the manner of VIES: one answer, or "this member state does not answer". */
export function registerBusinessTaxIds(
  app: FastifyInstance,
  deps: PartnerDeps & { readonly register: Register },
): void {
  guardPartner(app, 'business_tax_ids', deps);
  app.post('/check-vat-number', (request) => {
    const { countryCode, vatNumber } = checkSchema.parse(request.body);
    const id = `${countryCode}${vatNumber}`;
    const status = deps.register.statusOf(id);
    if (status === 'unavailable') return { actionSucceed: false, errorWrappers: [{ error: 'MS_UNAVAILABLE' }] };
    const valid = isWellFormed(countryCode, vatNumber) && status === 'confirmed';
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

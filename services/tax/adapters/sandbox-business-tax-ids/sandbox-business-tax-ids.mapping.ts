import { z } from 'zod';
import type { BusinessTaxIdAnswer } from '../../business-tax-id-checker.ts';

const registerError = z.object({ errorWrappers: z.array(z.object({ error: z.string() })).min(1) });
const registerAnswer = z.object({ valid: z.boolean(), requestIdentifier: z.string() });

/** Registers write EL for Greece and the number without its prefix, spaces and dots. */
export function toRegisterRequest(country: string, businessTaxId: string) {
  const countryCode = country === 'GR' ? 'EL' : country;
  const compact = businessTaxId.toUpperCase().replace(/[^A-Z0-9]/g, '');
  const prefixed = compact.startsWith(countryCode) || compact.startsWith(country);
  return { countryCode, vatNumber: prefixed ? compact.slice(2) : compact };
}

/** A confirmation without its consultation number proves nothing: it counts as no answer. */
export function toBusinessTaxIdAnswer(body: unknown): BusinessTaxIdAnswer {
  const refused = registerError.safeParse(body);
  if (refused.success)
    return { status: 'unavailable', reason: refused.data.errorWrappers.map(({ error }) => error).join(' ') };
  const answer = registerAnswer.safeParse(body);
  if (!answer.success) return { status: 'unavailable', reason: 'an answer that cannot be read' };
  if (!answer.data.valid) return { status: 'unknown' };
  return answer.data.requestIdentifier === ''
    ? { status: 'unavailable', reason: 'confirmed without a consultation number' }
    : { status: 'confirmed', consultationNumber: answer.data.requestIdentifier };
}

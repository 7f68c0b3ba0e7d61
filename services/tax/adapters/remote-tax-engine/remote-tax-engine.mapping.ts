import { z } from 'zod';
import type { FailureCode } from '../../../../domain/failures.ts';
import type { TaxResult } from '../../../../domain/tax/compute-tax.ts';
import { taxNoteCodes } from '../../../../domain/tax/tax-note.ts';

const amount = z.int();
const taxSchema = z.object({
  jurisdiction: z.string().min(1),
  name: z.string().min(1),
  rate: z.string().regex(/^\d+(\.\d{1,10})?$/),
  base: amount,
  amount,
  exemption: z.string().min(1).exactOptional(),
});
const sums = { net: amount, tax: amount, gross: amount, taxes: z.array(taxSchema).readonly() };

const resultSchema = z.object({
  ...sums,
  lines: z.array(z.object({ line: z.string(), ...sums })).readonly(),
  reverseCharge: z.boolean(),
  notes: z.array(z.object({ code: z.enum(taxNoteCodes), jurisdiction: z.string(), text: z.string() })).readonly(),
});

/** null: not an answer that we can read. */
export function toTaxResult(body: unknown): TaxResult | null {
  const parsed = resultSchema.safeParse(body);
  return parsed.success ? parsed.data : null;
}

/** What an engine may refuse a basket with; anything else it says is a fault of its own. */
const refusals = [
  'tax.country_not_served',
  'tax.region_required',
  'tax.data_missing',
  'money.currency_unknown',
  'money.amount_unsafe',
] as const satisfies readonly FailureCode[];

const refusalSchema = z.object({ code: z.enum(refusals), detail: z.string().min(1).max(500) });

export type TaxEngineRefusal = z.output<typeof refusalSchema>;

/** null: not a refusal that we know. */
export function toRefusal(body: unknown): TaxEngineRefusal | null {
  const parsed = refusalSchema.safeParse(body);
  return parsed.success ? parsed.data : null;
}

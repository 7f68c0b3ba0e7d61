import { computeTax } from '../../../../domain/tax/compute-tax.ts';
import type { TaxEngine } from '../../tax-engine.ts';

/** Computes from the dated tables in domain/tax/data. No I/O. */
export const tableTaxEngine: TaxEngine = {
  // async turns what computeTax throws into a rejection, as any other engine would answer.
  // eslint-disable-next-line @typescript-eslint/require-await
  computeTax: async (request) => computeTax(request),
};

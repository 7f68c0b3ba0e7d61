import type { TaxResult } from '../../domain/tax/compute-tax.ts';
import type { TaxRequest } from '../../domain/tax/tax-request.ts';

/**
 * Port: what computes the tax of a basket that is one invoice. An engine answers for every line, keeps
 * net + tax = gross and the sums, and gives an exclusive price back as the net (domain/tax/check-tax-result.ts).
 */
export interface TaxEngine {
  /**
   * @throws tax.country_not_served, tax.region_required, tax.data_missing, money.currency_unknown,
   * money.amount_unsafe; tax.engine_unavailable from an engine that is not ours
   */
  computeTax(request: TaxRequest): Promise<TaxResult>;
}

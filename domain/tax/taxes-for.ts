import { taxLawFor } from './tax-law.ts';
import type { ApplicableTax, TaxQuestion } from './tax-law.ts';

/**
 * The taxes that the law of a place puts on a sale of that class to that kind of customer at that moment; empty where
 * there is none. What is then charged depends on our registrations and the customer's tax id: `computeTax`.
 * @throws tax.country_not_served, tax.region_required, tax.data_missing
 */
export function taxesFor(question: TaxQuestion): readonly ApplicableTax[] {
  return taxLawFor(question).taxes;
}

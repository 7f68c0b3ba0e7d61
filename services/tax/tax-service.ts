import type { Db } from 'mongodb';
import { parseBusinessTaxId } from '../../domain/tax/business-tax-id.ts';
import { revalidation } from '../../domain/tax/data/business-tax-id-policy.ts';
import { rowOn } from '../../domain/tax/dated-row.ts';
import { fail } from '../../domain/failures.ts';
import type { BusinessTaxIdStatus } from '../../domain/order/order.ts';
import type { BusinessTaxIdChecker } from './business-tax-id-checker.ts';
import { createBusinessTaxIdStore } from './business-tax-id-store.ts';
import { tableTaxEngine } from './adapters/tables/table-tax-engine.ts';
import type { TaxEngine } from './tax-engine.ts';

export interface TaxServiceDeps {
  readonly checker: BusinessTaxIdChecker;
  readonly db: Db;
  /** Ours when absent. */
  readonly engine?: TaxEngine;
}

export interface TaxService extends TaxEngine {
  /**
   * What is known about a customer's id at `at` (ISO 8601 UTC). A slip in the id never leaves the house; a confirmation
   * is kept with its consultation number and holds for the days in domain/tax/data/business-tax-id-policy.ts; `unknown`
   * and `unavailable` are asked again each time. A register that does not answer while an older confirmation is on file
   * is still `unavailable`: tax is charged, and never silently zero. Renewals have a rule of their own for that
   * (business-tax-id-recheck.ts).
   */
  checkBusinessTaxId(request: {
    readonly country: string;
    readonly businessTaxId: string;
    readonly at: string;
  }): Promise<BusinessTaxIdStatus>;
}

export function createTaxService({ checker, db, engine = tableTaxEngine }: TaxServiceDeps): TaxService {
  const store = createBusinessTaxIdStore({ db });
  return {
    computeTax: (request) => engine.computeTax(request),

    async checkBusinessTaxId({ country, businessTaxId, at }) {
      const id = parseBusinessTaxId({ country, businessTaxId });
      if (id === 'malformed') return 'malformed';
      const known = await store.find(id);
      if (known !== null && Date.parse(at) < endOfTrust(known.confirmedAt)) return 'confirmed';
      const answer = await checker.check({ country: id.country, businessTaxId: id.normalised });
      if (answer.status === 'confirmed') {
        await store.confirm(id, { at, consultationNumber: answer.consultationNumber });
      } else if (known !== null) {
        await store.noteUnconfirmed(id, { at, answer: answer.status });
      }
      return answer.status;
    },
  };
}

/** Milliseconds since the epoch. */
function endOfTrust(confirmedAt: string): number {
  const row = rowOn(revalidation, confirmedAt.slice(0, 10)) ?? fail('tax.data_missing', 'no re-validation period');
  return Date.parse(confirmedAt) + row.days * 86_400_000;
}

import type { Db } from 'mongodb';
import type { BusinessTaxIdStatus, Order } from '../../domain/order/order.ts';
import { parseBusinessTaxId } from '../../domain/tax/business-tax-id.ts';
import { createBusinessTaxIdStore } from './business-tax-id-store.ts';
import type { BusinessTaxIdDocument } from './business-tax-id-store.ts';
import type { TaxService } from './tax-service.ts';

/** The sale that a subscription began with: who buys, and what was known of their id then. */
export type FirstSale = Pick<Order, 'businessTaxIdStatus'> & {
  readonly customer: Pick<Order['customer'], 'type' | 'country' | 'businessTaxId'>;
};

export interface BusinessTaxIdRecheck {
  /** What is known of the customer's id at `at` (ISO 8601 UTC), when the subscription bills again. */
  currentStatus(sale: FirstSale, at: string): Promise<BusinessTaxIdStatus>;
}

/**
 * Registers are away for hours, at worst for days. Who is still not confirmed two weeks after the first question that was
 * not answered pays tax, as with a first order: a renewal is carried through an outage, the one after it is not.
 */
const longestOutageMs = 14 * 86_400_000;

/**
 * The customer's id at every renewal. A register that does not answer changes nothing for a customer whose id it has
 * confirmed: there is no order workflow that would ask again and give the tax back. An answer always counts.
 */
export function createBusinessTaxIdRecheck({
  taxes,
  db,
}: {
  readonly taxes: Pick<TaxService, 'checkBusinessTaxId'>;
  readonly db: Db;
}): BusinessTaxIdRecheck {
  const store = createBusinessTaxIdStore({ db });
  return {
    async currentStatus({ customer, businessTaxIdStatus }, at) {
      const { type, country, businessTaxId } = customer;
      if (type !== 'business' || businessTaxId === null) return businessTaxIdStatus;
      const status = await taxes.checkBusinessTaxId({ country, businessTaxId, at });
      if (status !== 'unavailable') return status;
      const id = parseBusinessTaxId({ country, businessTaxId });
      const known = id === 'malformed' ? null : await store.find(id);
      return known === null ? status : lastAnswer(known, at);
    },
  };
}

/** The last answer about an id that was confirmed and is not answered about now; `unavailable` when the silence is too long. */
function lastAnswer({ confirmedAt, unconfirmed }: BusinessTaxIdDocument, at: string): BusinessTaxIdStatus {
  const since = unconfirmed.filter((one) => one.at > confirmedAt);
  if (since.some(({ answer }) => answer === 'unknown')) return 'unknown';
  const silentSince = Math.min(...since.map((one) => Date.parse(one.at)), Date.parse(at));
  return Date.parse(at) - silentSince < longestOutageMs ? 'confirmed' : 'unavailable';
}

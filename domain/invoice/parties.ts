import type { Customer, TaxAmount } from '../order/order.ts';
import type { Party } from './invoice.ts';
import { registrationsFor } from './legal-entity.ts';
import type { LegalEntity } from './legal-entity.ts';

/** The seller with its numbers where `taxes` are due. @param date local, YYYY-MM-DD */
export function sellerParty(entity: LegalEntity, taxes: readonly TaxAmount[], date: string): Party {
  return {
    name: entity.name,
    addressLines: entity.addressLines,
    address: entity.address,
    country: entity.country,
    taxId: entity.taxId,
    registrations: registrationsFor(entity, taxes, date),
    electronicAddress: entity.electronicAddress,
    registerEntry: entity.registration,
    contact: { name: entity.name, telephone: entity.telephone, email: entity.email },
    particulars: [entity.registration, entity.email, entity.telephone, entity.website],
  };
}

export function buyerParty(customer: Customer): Party {
  const { street, city, postalCode, region } = customer;
  const place = [postalCode, city, region].filter((part) => part !== null).join(' ');
  return {
    name: customer.name,
    addressLines: [street ?? '', place].filter((line) => line !== ''),
    address: { street, city, postalCode, region },
    country: customer.country,
    taxId: customer.type === 'business' ? customer.businessTaxId : null,
    registrations: [],
    electronicAddress: { scheme: 'EM', id: customer.email },
    registerEntry: null,
    contact: null,
    particulars: [],
  };
}

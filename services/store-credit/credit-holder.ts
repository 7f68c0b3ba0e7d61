import type { Customer } from '../../domain/order/order.ts';
import { emailHash } from '../risk/email-hash.ts';

/** Our opaque name of a customer: the id that the shop gave them, or a hash of their inbox. */
export function customerKey({ id, email }: Pick<Customer, 'id' | 'email'>): string {
  return id ?? emailHash(email);
}

/** Whose store credit a refund of this customer's order goes to. */
export function customerHolder(customer: Pick<Customer, 'id' | 'email'>): string {
  return `customer/${customerKey(customer)}`;
}

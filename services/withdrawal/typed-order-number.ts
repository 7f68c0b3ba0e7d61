import type { OrderId } from '../../domain/ids.ts';

/** The id of the order whose number a person typed: lower case, blanks, missing dashes, O for 0, I and L for 1. */
export function orderIdOfTyped(number: string): OrderId {
  const compact = number
    .toUpperCase()
    .replace(/^ORD_/, '')
    .replace(/[^0-9A-Z]/g, '');
  return `ord_${compact.replace(/O/g, '0').replace(/[IL]/g, '1')}`;
}

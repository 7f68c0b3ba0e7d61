/** Opaque, prefixed ids: what they name can be told from a log line. They carry nothing personal. */
export type OrderId = string;

/** Crockford's alphabet: no letters that are read as digits. */
export const idAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** "ord_7F3K92QXM4TN8WRB" → "7F3K-92QX-M4TN-8WRB": what customers read out on the telephone. */
export function orderNumber(orderId: OrderId): string {
  return orderId.replace(/^ord_/, '').replace(/(.{4})(?=.)/g, '$1-');
}

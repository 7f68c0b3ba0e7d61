import { createHash } from 'node:crypto';
import { findCardNumbers } from '../../domain/card-number.ts';
import { idAlphabet, orderNumber } from '../../domain/ids.ts';
import type { OrderId } from '../../domain/ids.ts';

/**
 * The id of the order that this caller places under this Idempotency-Key: the same for every repeat, so that an order
 * stays one order even when the record of the first request is lost.
 */
export function orderIdFor(callerId: string, idempotencyKey: string): OrderId {
  return idFor('ord', [callerId, idempotencyKey]);
}

/** An id that is made of what it stands for. */
export function idFor(prefix: string, parts: readonly string[]): string {
  for (let round = 0; ; round += 1) {
    const digest = createHash('sha256')
      .update(JSON.stringify([...parts, round]))
      .digest();
    const id = `${prefix}_${[...digest.subarray(0, 16)].map((byte) => idAlphabet.charAt(byte % 32)).join('')}`;
    // One in ten million looks like a card number, and every call that names it would be refused.
    if (findCardNumbers([id, orderNumber(id)]).length === 0) return id;
  }
}

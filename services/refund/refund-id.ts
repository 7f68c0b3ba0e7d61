import { createHash } from 'node:crypto';
import { findCardNumbers } from '../../domain/card-number.ts';
import { idAlphabet } from '../../domain/ids.ts';

/**
 * The id of the refund that these parts name: an API key and its Idempotency-Key, a bulk refund and its order. The same
 * parts are the same refund, however often it is asked for.
 */
export function refundIdOf(parts: readonly string[]): string {
  for (let round = 0; ; round += 1) {
    const digest = createHash('sha256')
      .update(JSON.stringify(['refund', ...parts, round]))
      .digest();
    const id = `rfd_${[...digest.subarray(0, 16)].map((byte) => idAlphabet.charAt(byte % 32)).join('')}`;
    // One in ten million looks like a card number, and every call that names it would be refused.
    if (findCardNumbers([id]).length === 0) return id;
  }
}

import { createHash } from 'node:crypto';
import { findCardNumbers } from '../../domain/card-number.ts';
import { idAlphabet } from '../../domain/ids.ts';

/** Ids that a repeat after a crash finds again: made of what they stand for. */
function idOf(prefix: 'sub' | 'ord' | 'cmd', fact: string): string {
  for (let round = 0; ; round += 1) {
    const digest = createHash('sha256').update(`${fact}/${round}`).digest();
    const id = `${prefix}_${[...digest.subarray(0, 16)].map((byte) => idAlphabet.charAt(byte % 32)).join('')}`;
    // One in ten million looks like a card number, and every call that names it would be refused.
    if (findCardNumbers([id]).length === 0) return id;
  }
}

/** @param group the first of the order's lines that are billed together */
export function subscriptionIdOf(orderId: string, group: string): string {
  return idOf('sub', `order/${orderId}/subscription/${group}`);
}

/** The order that bills the period of that index. */
export function cycleOrderId(subscriptionId: string, index: number): string {
  return idOf('ord', `subscription/${subscriptionId}/period/${index}`);
}

/** The order of what was used until the end, when nothing follows. */
export function finalOrderId(subscriptionId: string, index: number): string {
  return idOf('ord', `subscription/${subscriptionId}/final/${index}`);
}

/** The command with which a withdrawal from the contract ends the subscription. */
export function withdrawalCommandId(refundId: string, subscriptionId: string): string {
  return idOf('cmd', `refund/${refundId}/subscription/${subscriptionId}`);
}

/** The order of a change at once. */
export function updateOrderId(subscriptionId: string, commandId: string): string {
  return idOf('ord', `subscription/${subscriptionId}/command/${commandId}`);
}

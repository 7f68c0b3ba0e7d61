import { createHash } from 'node:crypto';

/** What a card's attempts are counted by: a hash of the gateway's token, or of its fingerprint of the card where it has one. */
export function cardKey(tokenOrFingerprint: string): string {
  return `card_${createHash('sha256').update(tokenOrFingerprint).digest('hex').slice(0, 32)}`;
}

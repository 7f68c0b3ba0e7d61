import { createHash } from 'node:crypto';
import { emailFingerprint } from '../../domain/risk/email-fingerprint.ts';

/** SHA-256 (hex) of the inbox behind an address: what orders are counted and lists are kept by. */
export function emailHash(email: string): string {
  return createHash('sha256').update(emailFingerprint(email)).digest('hex');
}

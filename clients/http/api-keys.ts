import { createHash, timingSafeEqual } from 'node:crypto';

export interface ApiKeys {
  /** The id of the key in an `Authorization: Bearer …` header; null when it is none of ours. */
  identify(authorization: string | undefined): string | null;
}

/** Only hashes are kept, and every comparison takes the same time whatever was sent. */
export function createApiKeys(keys: readonly string[]): ApiKeys {
  const hashes = keys.map(sha256);
  return {
    identify(authorization) {
      const presented = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      if (presented === undefined) return null;
      const hash = sha256(presented);
      const matches = hashes.filter((known) => timingSafeEqual(known, hash));
      return matches.length === 0 ? null : `key_${hash.toString('hex').slice(0, 16)}`;
    },
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

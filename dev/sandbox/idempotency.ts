import { createHash } from 'node:crypto';
import { refuse } from './partner-error.ts';

export interface PartnerAnswer {
  readonly status: number;
  readonly body: object;
}

/**
 * What the partners remember of idempotency keys, for as long as the sandbox lives. Same key, same request: the stored
 * answer. Same key, other request: 409. A refused request (4xx) is not remembered, because nothing was done.
 */
export function createIdempotencyKeys() {
  const seen = new Map<string, { readonly fingerprint: string; readonly answer: PartnerAnswer }>();
  return {
    once(
      partner: string,
      key: string,
      request: { readonly path: string; readonly body: unknown },
      perform: () => PartnerAnswer,
    ): { readonly answer: PartnerAnswer; readonly replayed: boolean } {
      const fingerprint = createHash('sha256')
        .update(`${request.path}\n${canonical(request.body)}`)
        .digest('hex');
      const id = `${partner}\n${key}`;
      const before = seen.get(id);
      if (before !== undefined) {
        if (before.fingerprint !== fingerprint)
          refuse(409, 'idempotency_key_reused', 'This idempotency key was used with another request');
        return { answer: before.answer, replayed: true };
      }
      const answer = perform();
      seen.set(id, { fingerprint, answer });
      return { answer, replayed: false };
    },
  };
}

export type IdempotencyKeys = ReturnType<typeof createIdempotencyKeys>;

/** JSON with sorted members: two spellings of one body are one body. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

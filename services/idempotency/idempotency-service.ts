import { createHash, randomUUID } from 'node:crypto';
import { fail } from '../../domain/failures.ts';
import type { IdempotencyStore, StoredAnswer } from './idempotency-store.ts';

/** One request of one caller under the key that the caller chose. */
export interface KeyedRequest {
  /** Identifies the API key without being it. */
  readonly callerId: string;
  readonly method: string;
  readonly path: string;
  readonly key: string;
  /** The parsed body: the order of its fields does not matter. */
  readonly body: unknown;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** Permission to do the work, and the name under which its answer is kept. */
export interface Lease {
  readonly id: string;
  readonly owner: string;
}

export type Beginning =
  { readonly kind: 'started'; readonly lease: Lease } | { readonly kind: 'replay'; readonly answer: StoredAnswer };

/** After a crash nobody answers for the request; by then any honest one has ended. */
const leaseMs = 60_000;

export type IdempotencyService = ReturnType<typeof createIdempotencyService>;

/** Same key and body → the same answer, once. What it protects must bear a repeat after a crash all the same. */
export function createIdempotencyService({ store }: { readonly store: IdempotencyStore }) {
  return {
    /** @throws idempotency.conflict for another body, idempotency.in_progress while the first one is running */
    async begin(request: KeyedRequest): Promise<Beginning> {
      const id = sha256([request.callerId, request.method, request.path, request.key]);
      const bodyHash = sha256(canonical(request.body));
      const now = new Date(request.at);
      const claim = { owner: randomUUID(), leaseUntil: new Date(now.getTime() + leaseMs) };
      const lease: Lease = { id, owner: claim.owner };
      if (await store.insert({ _id: id, bodyHash, ...claim, answer: null, createdAt: now })) {
        return { kind: 'started', lease };
      }
      const existing = await store.find(id);
      // It failed and was let go between the two calls: the caller may come again at once.
      if (existing === null) return fail('idempotency.in_progress');
      if (existing.bodyHash !== bodyHash) return fail('idempotency.conflict');
      if (existing.answer !== null) return { kind: 'replay', answer: existing.answer };
      if (existing.leaseUntil > now || !(await store.takeOver(id, existing.owner, claim))) {
        return fail('idempotency.in_progress');
      }
      return { kind: 'started', lease };
    },

    /** Keeps the answer for repeats. A no-op for a lease that was taken over. */
    finish: (lease: Lease, answer: StoredAnswer): Promise<void> => store.finish(lease.id, lease.owner, answer),

    /** Nothing came of it: the same key may try again. */
    release: (lease: Lease): Promise<void> => store.remove(lease.id, lease.owner),
  };
}

function sha256(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? 'undefined')
    .digest('hex');
}

/** Objects as sorted lists of entries, so that equal bodies hash equally. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return { object: entries.map(([key, item]: [string, unknown]) => [key, canonical(item)]) };
}

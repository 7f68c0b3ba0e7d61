import type { FastifyRequest } from 'fastify';
import { fail } from '../../domain/failures.ts';
import type { Lease } from '../../services/idempotency/idempotency-service.ts';
import type { Api, ApiDeps } from './api-deps.ts';
import { callerOf } from './request-context.ts';

/**
 * Every POST of the scope: the same Idempotency-Key and body → the same answer, marked as replayed. An answer is kept
 * before it is sent; what failed on our side (5xx) is not kept, so that it can be tried again.
 */
export function answerPostsOnce(app: Api, { idempotency, now }: Pick<ApiDeps, 'idempotency' | 'now'>): void {
  const leases = new WeakMap<FastifyRequest, Lease>();

  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST') return;
    const key = readKey(request);
    request.idempotencyKey = key;
    if (key === null) return;
    const beginning = await idempotency.begin({
      callerId: callerOf(request),
      method: request.method,
      path: request.url.split('?')[0] ?? '',
      key,
      body: request.body,
      at: now(),
    });
    if (beginning.kind === 'started') {
      leases.set(request, beginning.lease);
      return;
    }
    const { status, contentType, body } = beginning.answer;
    return reply.code(status).header('idempotency-replayed', 'true').type(contentType).send(body);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const lease = leases.get(request);
    if (lease === undefined) return payload;
    leases.delete(request);
    try {
      if (reply.statusCode >= 500 || typeof payload !== 'string') await idempotency.release(lease);
      else {
        const contentType = String(reply.getHeader('content-type') ?? 'application/json; charset=utf-8');
        await idempotency.finish(lease, { status: reply.statusCode, contentType, body: payload });
      }
    } catch (error) {
      // The work is done and bears a repeat: the caller gets its answer, the lease runs out by itself.
      request.log.warn({ err: error }, 'the answer could not be kept for repeats');
    }
    return payload;
  });
}

/** Only its hash is kept, and many are made of timestamps, which may pass for a card number. @throws request.invalid */
function readKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  const path = 'Idempotency-Key';
  if (typeof key !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(key)) {
    const message = 'must be 1 to 255 printable ASCII characters';
    return fail('request.invalid', `${path}: ${message}`, [{ path, message }]);
  }
  return key;
}

import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import type { FaultyPartner, Faults } from './faults.ts';
import { slowMs } from './faults.ts';
import type { IdempotencyKeys, PartnerAnswer } from './idempotency.ts';
import type { AnswerTransport } from './issuer.ts';
import { PartnerError, refuse } from './partner-error.ts';

/** Cuts or delays answers after the work is done. */
export function createWire(app: FastifyInstance) {
  const transports = new WeakMap<FastifyRequest, AnswerTransport>();
  app.addHook('onSend', async (request, reply, payload) => {
    const transport = transports.get(request);
    if (transport === 'slow') await delay(slowMs, undefined, { ref: false });
    if (transport === 'drop') {
      reply.hijack();
      request.raw.socket.destroy();
    }
    return payload;
  });
  return { answerBy: (request: FastifyRequest, transport: AnswerTransport) => transports.set(request, transport) };
}

export type Wire = ReturnType<typeof createWire>;

export interface PartnerDeps {
  readonly faults: Faults;
  readonly wire: Wire;
  /** null: public, no key is asked for. */
  readonly apiKey: string | null;
  readonly keys: IdempotencyKeys;
}

/** Every request to a partner's API needs its key and may meet a fault. */
export function guardPartner(
  app: FastifyInstance,
  partner: FaultyPartner,
  { faults, wire, apiKey }: PartnerDeps,
): void {
  app.addHook('preHandler', (request, reply, next) => {
    if (apiKey !== null && request.headers.authorization !== `Bearer ${apiKey}`)
      return next(new PartnerError(401, 'unauthorised', 'A valid API key is required'));
    switch (faults.draw(partner, `${request.method} ${request.url}`)) {
      case null:
        return next();
      case 'error':
        reply.code(503).send({
          error: { code: 'service_unavailable', message: 'Not processed, try again later', processed: false },
        });
        return;
      case 'timeout':
        reply.hijack();
        return;
      case 'lost_response':
        wire.answerBy(request, 'drop');
        return next();
      case 'slow':
        wire.answerBy(request, 'slow');
        return next();
    }
  });
}

/** POST under an Idempotency-Key: does it once, answers the same ever after. */
export function sendOnce(
  keys: IdempotencyKeys,
  partner: FaultyPartner,
  request: FastifyRequest,
  reply: FastifyReply,
  perform: (key: string) => PartnerAnswer,
): { readonly replayed: boolean } {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '') refuse(400, 'idempotency_key_missing', 'POST needs an Idempotency-Key');
  const { answer, replayed } = keys.once(partner, key, { path: request.url, body: request.body }, () => perform(key));
  if (replayed) reply.header('Idempotent-Replayed', 'true');
  reply.code(answer.status).send(answer.body);
  return { replayed };
}

/** The one error format of all partners: `{ error: { code, message, … } }`. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => {
    if (error instanceof PartnerError)
      return reply
        .code(error.status)
        .send({ error: { code: error.code, message: error.message, processed: false, ...error.details } });
    if (error instanceof ZodError)
      return reply.code(400).send({
        error: {
          code: 'invalid_request',
          message: error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
          processed: false,
        },
      });
    const status = statusOf(error);
    return reply.code(status).send({ error: { code: status < 500 ? 'invalid_request' : 'internal_error' } });
  });
}

/** Fastify's own errors (malformed JSON, too large) carry a status. */
function statusOf(error: unknown): number {
  if (typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number')
    return error.statusCode;
  return 500;
}

import type { FastifyRequest } from 'fastify';
import type { FailureCode } from '../../domain/failures.ts';
import { fail } from '../../domain/failures.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Names the API key without being it; null when there was no valid one. */
    callerId: string | null;
    /** Of a POST; null when the caller sent none. */
    idempotencyKey: string | null;
    /** Of the problem that was answered, for the log. */
    problemCode: FailureCode | null;
  }
}

/** @throws request.unauthenticated */
export function callerOf(request: FastifyRequest): string {
  return request.callerId ?? fail('request.unauthenticated');
}

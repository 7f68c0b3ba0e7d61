import { isGrpcServiceError } from '@temporalio/client';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { z } from 'zod';
import { maskCardNumbers } from '../../domain/card-number.ts';
import { Failure, isFailure } from '../../domain/failures.ts';
import type { FailureCode } from '../../domain/failures.ts';

/** RFC 9457, with the code of the failure catalogue and the places in the input. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
    /** The call to use instead, where there is one. */
    instead: z.string().optional(),
  })
  .meta({
    id: 'Problem',
    description: 'Every error answer (RFC 9457): branch on `code`, which is permanent, never on texts.',
    examples: [
      {
        type: 'urn:waybill:problem:request.invalid',
        title: 'The request is not valid',
        status: 400,
        code: 'request.invalid',
        detail: 'lines[0].quantity: Too small: expected number to be >=1',
        errors: [{ path: 'lines[0].quantity', message: 'Too small: expected number to be >=1' }],
      },
    ],
  });
export type Problem = z.output<typeof problemSchema>;

export const problemMediaType = 'application/problem+json';

/** What fastify itself refuses, by its error code. Its texts may quote the body, so they are replaced. */
const refusals: Readonly<Record<string, { readonly code: FailureCode; readonly detail: string }>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'request.too_large', detail: 'The body is larger than this call takes' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'request.media_type_unsupported',
    detail: 'Send the body as application/json',
  },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'request.invalid', detail: 'The body is not valid JSON' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'request.invalid', detail: 'The body is empty' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { code: 'request.invalid', detail: 'The body is not as long as announced' },
  FST_ERR_BAD_URL: { code: 'request.invalid', detail: 'The path is not a valid URL path' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'request.not_found', detail: 'There is no such path' },
};

const instead: Partial<Record<FailureCode, string>> = { 'order.already_paid': 'POST /v1/refunds' };
/** Seconds; how long a caller should wait where the limiter did not say it. */
const retryAfter: Partial<Record<FailureCode, number>> = { 'idempotency.in_progress': 1 };

/** The one mapping of whatever was thrown to a code of the catalogue. */
export function toFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  if (isMongoAway(error)) return new Failure('store.unavailable', undefined, { cause: error });
  if (isGrpcServiceError(error)) return new Failure('workflow.unavailable', undefined, { cause: error });
  if (error instanceof SyntaxError && 'statusCode' in error) {
    return new Failure('request.invalid', 'The body is not valid JSON');
  }
  const refusal = error instanceof Error && 'code' in error ? refusals[String(error.code)] : undefined;
  if (refusal !== undefined) return new Failure(refusal.code, refusal.detail);
  // The caller went away in the middle, or spoke HTTP wrongly.
  if (isClientError(error)) return new Failure('request.invalid', 'The request could not be read');
  return new Failure('internal.unexpected', undefined, { cause: error });
}

function isMongoAway(error: unknown): boolean {
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoOperationTimeoutError
  );
}

function isClientError(error: unknown): error is FastifyError {
  if (!(error instanceof Error) || !('statusCode' in error)) return false;
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500;
}

/** What the caller may know: of our own faults only the title; no text carries a card number back. */
export function problemOf(failure: Failure): Problem {
  const { status, title, actor } = failure.definition;
  const see = instead[failure.code];
  return {
    type: `urn:waybill:problem:${failure.code}`,
    title,
    status,
    code: failure.code,
    detail: status >= 500 && actor !== 'caller' ? title : maskCardNumbers(failure.message),
    errors: failure.problems.map(({ path, message }) => ({
      path: maskCardNumbers(path),
      message: maskCardNumbers(message),
    })),
    ...(see === undefined ? {} : { instead: see }),
  };
}

export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const failure = toFailure(error);
  const problem = problemOf(failure);
  request.problemCode = failure.code;
  if (problem.status >= 500) request.log.error({ code: failure.code, err: loggable(failure) }, 'failed');
  if (failure.definition.retryable && !reply.hasHeader('retry-after')) {
    reply.header('retry-after', retryAfter[failure.code] ?? 5);
  }
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).type(problemMediaType).serializer(JSON.stringify).send(problem);
}

/** Messages of unexpected errors may quote input. */
function loggable(failure: Failure): { readonly message: string; readonly stack: string } {
  const cause = failure.cause instanceof Error ? failure.cause : failure;
  return { message: maskCardNumbers(cause.message), stack: maskCardNumbers(cause.stack ?? '') };
}

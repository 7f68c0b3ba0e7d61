import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import type { FailureCode } from '../domain/failures.ts';

/** The only way workflow code throws: a plain Error would stall the workflow task instead of failing anything. */
export function failure(code: FailureCode, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, nonRetryable: true });
}

/** The catalogue code behind an activity's final failure; a time-out has none. */
export function failureCodeOf(error: unknown): string {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && typeof cause.type === 'string') return cause.type;
  return cause instanceof Error ? cause.name : 'internal.unexpected';
}

/** An activity gave up for good. Anything else (cancellation, a bug) is not ours to interpret. */
export function isActivityFailure(error: unknown): error is ActivityFailure {
  return error instanceof ActivityFailure && !isCancellation(error);
}

/** The same for our own database: a local activity fails with the bare failure, not wrapped like a remote one. */
export function isStoreFailure(error: unknown): boolean {
  return (error instanceof ActivityFailure || error instanceof ApplicationFailure) && !isCancellation(error);
}

/** An activity's final failure as the sender of an update may see it: the catalogue's code and message, nothing around it. */
export function failureOf(error: unknown): ApplicationFailure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const message = cause instanceof Error ? cause.message : 'a step gave up';
  return ApplicationFailure.create({ type: failureCodeOf(error), message, nonRetryable: true });
}

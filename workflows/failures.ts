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

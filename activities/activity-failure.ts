import { ApplicationFailure, log } from '@temporalio/activity';
import { MongoServerError } from 'mongodb';
import { isFailure } from '../domain/failures.ts';
import { maskCardNumbers } from '../domain/card-number.ts';

/**
 * The border: every activity is wrapped by it. A Failure becomes an ApplicationFailure of type `code`, retryable or not
 * as the catalogue says. What the catalogue does not know is retried within the class's limit and its text is not
 * passed on: a driver's message may quote a document, and nothing personal may reach a history.
 */
export function toApplicationFailure(error: unknown): unknown {
  if (error instanceof ApplicationFailure) return error;
  if (isFailure(error)) {
    return ApplicationFailure.create({
      type: error.code,
      message: maskCardNumbers(error.message),
      nonRetryable: !error.definition.retryable,
    });
  }
  if (!(error instanceof Error))
    return ApplicationFailure.create({ type: 'internal.unexpected', message: 'not an error' });
  if (error.name.startsWith('Mongo') && !(error instanceof MongoServerError)) {
    return ApplicationFailure.create({
      type: 'store.unavailable',
      message: `the database does not answer (${error.name})`,
    });
  }
  log.error('unexpected error in an activity', { errorName: error.name, stack: frames(error) });
  return ApplicationFailure.create({ type: 'internal.unexpected', message: `unexpected ${error.name}` });
}

/** Where it happened, without the message line. */
function frames(error: Error): string {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 6)
    .join(' ');
}

/** Wraps each activity of an area; the functions keep their names, which histories hold. */
export function atTheBorder<Area extends Record<string, (input: never) => Promise<unknown>>>(area: Area): Area {
  const wrapped = Object.entries(area).map(([name, run]) => [
    name,
    async (input: never) => {
      try {
        return await run(input);
      } catch (error) {
        throw toApplicationFailure(error);
      }
    },
  ]);
  // The same keys and signatures as before: only what is thrown changes.
  return Object.fromEntries(wrapped) as Area;
}

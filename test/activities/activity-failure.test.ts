import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { atTheBorder, toApplicationFailure } from '../../activities/activity-failure.ts';
import { Failure, failureCatalogue } from '../../domain/failures.ts';
import type { FailureCode } from '../../domain/failures.ts';

const codes = Object.keys(failureCatalogue) as FailureCode[];

const logger = new DefaultLogger('ERROR', () => undefined);

/** What Temporal is told when an activity throws this. */
async function thrown(error: unknown): Promise<ApplicationFailure> {
  const area = atTheBorder({
    step: (): Promise<void> =>
      Promise.resolve().then(() => {
        throw error;
      }),
  });
  try {
    await new MockActivityEnvironment({}, { logger }).run(area.step);
  } catch (failure) {
    if (failure instanceof ApplicationFailure) return failure;
  }
  throw new Error('the activity did not throw an ApplicationFailure');
}

describe('the border of an activity', () => {
  it.each(codes)('passes %s on as its type, retryable as the catalogue says', async (code) => {
    const failure = await thrown(new Failure(code, 'said so'));
    expect(failure).toMatchObject({ type: code, message: 'said so', nonRetryable: !failureCatalogue[code].retryable });
  });

  it.each([
    ['a connection that broke', new MongoNetworkError('connection 3 to 10.0.0.7:27017 closed')],
    ['a server that is not found', new MongoServerSelectionError('Server selection timed out', dummyTopology())],
  ])('calls %s an unavailable store, and has it tried again', async (_what, error) => {
    const failure = await thrown(error);
    expect(failure).toMatchObject({ type: 'store.unavailable', nonRetryable: false });
    expect(failure.message).not.toContain('10.0.0.7');
  });

  it('does not pass on what an unexpected error says: it may quote a document', async () => {
    const quoting = [
      new MongoServerError({ message: 'E11000 duplicate key: { email: "ada@example.com" }' }),
      new TypeError('cannot read ada@example.com'),
    ];
    for (const error of quoting) {
      const failure = await thrown(error);
      expect(failure).toMatchObject({ type: 'internal.unexpected', nonRetryable: false });
      expect(JSON.stringify([failure.message, failure.details, failure.cause])).not.toContain('ada');
      expect(failure.stack).not.toContain('ada');
    }
    expect((await thrown('ada@example.com')).message).not.toContain('ada');
  });

  it('masks what looks like a card number', async () => {
    const failure = await thrown(new Failure('payment.gateway_rejected', 'refused 4242 4242 4242 4242'));
    expect(failure.message).not.toContain('4242 4242');
    expect(failure.message).toContain('refused');
  });

  it('leaves alone what is an ApplicationFailure already', () => {
    const failure = ApplicationFailure.create({ type: 'order.not_found', message: 'm' });
    expect(toApplicationFailure(failure)).toBe(failure);
  });

  it('keeps names, input and answer', async () => {
    const area = atTheBorder({ double: (n: number) => Promise.resolve(2 * n) });
    expect(Object.keys(area)).toEqual(['double']);
    expect(await new MockActivityEnvironment().run(area.double, 21)).toBe(42);
  });
});

/** The error describes the servers that it looked at; an empty list is enough for it. */
function dummyTopology(): ConstructorParameters<typeof MongoServerSelectionError>[1] {
  return { error: null } as ConstructorParameters<typeof MongoServerSelectionError>[1];
}

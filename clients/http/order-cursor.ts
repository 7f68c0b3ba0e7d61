import { z } from 'zod';
import { fail } from '../../domain/failures.ts';

const positionSchema = z.tuple([z.iso.datetime(), z.string().min(1).max(500)]);

export interface ListPosition {
  readonly createdAt: string;
  readonly id: string;
}

/** Opaque to callers: where the next page begins. */
export function cursorAfter({ createdAt, id }: ListPosition): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');
}

/** @throws request.invalid for what we did not write */
export function readCursor(cursor: string): ListPosition {
  const message = 'must be the nextCursor of an earlier page';
  try {
    const [createdAt, id] = positionSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { createdAt, id };
  } catch {
    return fail('request.invalid', `cursor: ${message}`, [{ path: 'cursor', message }]);
  }
}

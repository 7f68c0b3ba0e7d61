import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { findCardNumbers } from '../../domain/card-number.ts';
import { fail } from '../../domain/failures.ts';

/**
 * Refuses a call that holds a card number anywhere in what we would read, before it is validated, stored or logged.
 * @throws request.card_number naming each place, never the number
 */
export function refuseCardNumbers(request: FastifyRequest): void {
  const { body, query, params } = request;
  const read = body instanceof Readable ? [query, params] : [body, query, params];
  const found = [...new Set(read.flatMap((part) => findCardNumbers(part)))];
  if (found.length === 0) return;
  const problems = found.map((path) => ({ path, message: 'This looks like a card number' }));
  fail('request.card_number', `Card data must never be sent here; take a token of the payment provider`, problems);
}

import { customAlphabet } from 'nanoid';
import { findCardNumbers } from '../../domain/card-number.ts';
import { idAlphabet } from '../../domain/ids.ts';

const randomCharacters = customAlphabet(idAlphabet, 16);

/** "wdr_7F3K92QXM4TN8WRB". One in ten million looks like a card number, and every call that names it would be refused. */
export function newWithdrawalId(): string {
  for (;;) {
    const id = `wdr_${randomCharacters()}`;
    if (findCardNumbers([id]).length === 0) return id;
  }
}

import { z } from 'zod';
import { journalEntryKinds } from '../../domain/ledger/journal-entry.ts';
import type { JournalEntryKind } from '../../domain/ledger/journal-entry.ts';
import type { CollectionSpec } from '../store/collection.ts';

export interface JournalEntryDocument {
  /** The fact key: the primary key is the idempotency of the book. */
  readonly _id: string;
  readonly kind: JournalEntryKind;
  readonly at: Date;
  readonly postings: readonly { readonly account: string; readonly currency: string; readonly amount: number }[];
  readonly memo: string;
}

export const journalEntries: CollectionSpec<JournalEntryDocument> = {
  name: 'journal_entries',
  owner: 'ledger',
  retention: 'books',
  schema: z.strictObject({
    _id: z.string().min(1),
    kind: z.enum(journalEntryKinds),
    at: z.date(),
    postings: z
      .array(
        z.strictObject({
          account: z.string().min(1),
          currency: z.string().length(3),
          amount: z.int().refine((amount) => amount !== 0, 'a posting of 0'),
        }),
      )
      .readonly(),
    memo: z.string(),
  }),
  indexes: [
    { key: { at: 1, _id: 1 }, name: 'oldest_first' },
    { key: { 'postings.account': 1, at: 1, _id: 1 }, name: 'by_account' },
  ],
};

import { z } from 'zod';
import type { CollectionSpec } from '../store/collection.ts';

export interface JournalEntryDocument {
  /** The fact key: the primary key is the idempotency of the book. */
  readonly _id: string;
  readonly kind: 'sale' | 'refund';
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
    kind: z.enum(['sale', 'refund']),
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
  indexes: [{ key: { at: 1 }, name: 'at' }],
};

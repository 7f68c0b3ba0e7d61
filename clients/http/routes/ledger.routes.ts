import { z } from 'zod';
import { journalEntryKinds } from '../../../domain/ledger/journal-entry.ts';
import { isAccountOrKind } from '../../../domain/ledger/chart-of-accounts.ts';
import { instantSchema } from '../../../services/catalog/catalog-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer, instantAnswer } from '../answer-schemas.ts';
import { cursorAfter, readCursor } from '../order-cursor.ts';

const balancesAnswer = z
  .array(
    z.union([
      z.object({ account: z.string(), currency: z.string(), balance: amountAnswer }),
      z.object({ currency: z.string(), sum: amountAnswer }),
    ]),
  )
  .readonly();

const accountSchema = z
  .string()
  .refine(isAccountOrKind, 'must be an account of the ledger, such as "cash" or "revenue/seller_default", or a kind')
  .meta({ description: 'One account, or all of a kind: `revenue` is every `revenue/…`' });

const entryAnswer = z
  .object({
    fact: z.string(),
    kind: z.enum(journalEntryKinds),
    at: instantAnswer,
    postings: z.array(z.object({ account: z.string(), currency: z.string(), amount: amountAnswer })).readonly(),
    memo: z.string(),
  })
  .meta({ id: 'JournalEntry', description: 'All postings of one fact; signed minor units, debit positive' });

const entriesQuery = z
  .strictObject({
    account: accountSchema.optional(),
    from: instantSchema.optional(),
    to: instantSchema.optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    cursor: z.string().max(1000).optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['to'],
    message: 'must be after from',
  });

const tags = ['ledger'];

export function registerLedger(app: Api, deps: Pick<ApiDeps, 'ledger'>): void {
  registerBalances(app, deps);
  registerEntries(app, deps);
}

function registerBalances(app: Api, { ledger }: Pick<ApiDeps, 'ledger'>): void {
  app.get(
    '/ledger/balances',
    {
      schema: {
        operationId: 'getBalances',
        tags,
        summary: 'Balance of every account, and per currency the sum of all',
        description:
          'Signed minor units, debit positive, up to and including `at`. After the accounts comes one row per currency ' +
          'with `sum`, which is 0 as long as the book is sound; with `account` there are no such rows.',
        querystring: z.strictObject({ at: instantSchema.optional(), account: accountSchema.optional() }),
        response: { 200: balancesAnswer },
      },
    },
    async (request) => {
      const { at, account } = request.query;
      const until = at === undefined ? {} : { at };
      if (account !== undefined) return ledger.balances({ ...until, account });
      const [balances, sums] = await Promise.all([ledger.balances(until), ledger.sums(until)]);
      return [...balances, ...sums];
    },
  );
}

function registerEntries(app: Api, { ledger }: Pick<ApiDeps, 'ledger'>): void {
  app.get(
    '/ledger/entries',
    {
      schema: {
        operationId: 'listJournalEntries',
        tags,
        summary: 'Journal entries, the oldest first',
        description:
          'From `from` until before `to`. Take `nextCursor` of one page as `cursor` of the next; null: there are no more.',
        querystring: entriesQuery,
        response: { 200: z.object({ items: z.array(entryAnswer).readonly(), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { account, from, to, limit, cursor } = request.query;
      const position = cursor === undefined ? null : readCursor(cursor);
      const found = await ledger.entries({
        ...(account === undefined ? {} : { account }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(position === null ? {} : { after: { at: position.createdAt, fact: position.id } }),
        // One more than shown says whether there is a next page.
        limit: limit + 1,
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      const more = found.length > limit && last !== undefined;
      return { items, nextCursor: more ? cursorAfter({ createdAt: last.at, id: last.fact }) : null };
    },
  );
}

import { z } from 'zod';
import { journalEntryKinds } from '../../../domain/ledger/journal-entry.ts';
import { gatewayFeeBearers, sellerRoles } from '../../../domain/seller/seller.ts';
import { sellerIdSchema, sellerInputSchema, statementQuerySchema } from '../../../services/seller/seller-schemas.ts';
import { statementCsv } from '../../../services/seller/statement-csv.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer, instantAnswer } from '../answer-schemas.ts';

const sellerParty = {
  id: z.string(),
  name: z.string(),
  addressLines: z.array(z.string()).readonly(),
  country: z.string().nullable(),
  taxId: z.string().nullable(),
};

const sellerAnswer = z
  .object({
    ...sellerParty,
    locale: z.enum(['en', 'de']),
    terms: z
      .array(
        z.object({
          validFrom: instantAnswer,
          validTo: instantAnswer.nullable(),
          role: z.enum(sellerRoles),
          commissionBasisPoints: z.int(),
          fixedFees: z.array(z.object({ currency: z.string(), amount: amountAnswer })).readonly(),
          gatewayFees: z.enum(gatewayFeeBearers),
          source: z.string(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Seller' });

const statementAnswer = z
  .object({
    seller: z.object(sellerParty),
    issuer: z.object({ name: z.string(), country: z.string(), taxId: z.string() }),
    from: instantAnswer,
    to: instantAnswer,
    currency: z.string(),
    notes: z.array(z.object({ code: z.string(), text: z.string(), source: z.string() })).readonly(),
    opening: amountAnswer,
    lines: z
      .array(
        z.object({
          at: instantAnswer,
          fact: z.string(),
          kind: z.enum(journalEntryKinds),
          description: z.string(),
          net: amountAnswer,
          retained: amountAnswer,
          amount: amountAnswer,
          balance: amountAnswer,
        }),
      )
      .readonly(),
    totals: z.object({ net: amountAnswer, retained: amountAnswer, earned: amountAnswer, settled: amountAnswer }),
    closing: amountAnswer,
  })
  .meta({
    id: 'SellerStatement',
    description: 'Minor units of `currency`, positive what the seller is owed; closing = opening + earned + settled',
  });

const body = sellerInputSchema.meta({
  examples: [
    {
      name: 'Acme Tools',
      country: 'DE',
      taxId: 'DE123456789',
      terms: [
        {
          validFrom: '2027-01-01T00:00:00Z',
          role: 'principal',
          commissionBasisPoints: 1500,
          fixedFees: [{ currency: 'EUR', amount: 30 }],
          gatewayFees: 'us',
          source: 'Contract 2027-001',
        },
      ],
    },
  ],
});

const params = z.object({ id: sellerIdSchema });
const tags = ['sellers'];
const period =
  'What the seller is owed and why, from `from` until before `to`, in one currency: opening balance, one line per fact ' +
  'that changed it, closing balance. As principal it is a self-billed invoice and says so.';

type SellerRouteDeps = Pick<ApiDeps, 'sellers' | 'statements' | 'now'>;

export function registerSellers(app: Api, deps: SellerRouteDeps): void {
  registerSellerRecord(app, deps);
  registerStatements(app, deps);
}

function registerSellerRecord(app: Api, { sellers, now }: SellerRouteDeps): void {
  app.put(
    '/sellers/:id',
    {
      schema: {
        operationId: 'putSeller',
        tags,
        summary: 'Create or replace a seller',
        description:
          'Terms decide what of a sale is the seller’s: net of tax, less the commission and the fixed fee of each order ' +
          'line. Terms that have begun can only be given an end; others begin a minute from now or later.',
        params,
        body,
        response: { 200: sellerAnswer },
      },
    },
    (request) => sellers.put(request.params.id, request.body, now()),
  );

  app.get(
    '/sellers/:id',
    { schema: { operationId: 'getSeller', tags, summary: 'A seller', params, response: { 200: sellerAnswer } } },
    (request) => sellers.get(request.params.id),
  );
}

function registerStatements(app: Api, { statements }: SellerRouteDeps): void {
  app.get(
    '/sellers/:id/statement',
    {
      schema: {
        operationId: 'getSellerStatement',
        tags,
        summary: "A seller's statement",
        description: period,
        params,
        querystring: statementQuerySchema,
        response: { 200: statementAnswer },
      },
    },
    (request) => statements.statement(request.params.id, request.query),
  );

  app.get(
    '/sellers/:id/statement.csv',
    {
      schema: {
        operationId: 'getSellerStatementCsv',
        tags,
        summary: "A seller's statement as CSV",
        description: period,
        params,
        querystring: statementQuerySchema,
      },
    },
    async (request, reply) => {
      const statement = await statements.statement(request.params.id, request.query);
      const day = (moment: string) => moment.slice(0, 10);
      const { seller, from, to, currency } = statement;
      const filename = `statement-${seller.id}-${day(from)}-${day(to)}-${currency}.csv`;
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${filename}"`)
        .send(statementCsv(statement));
    },
  );
}

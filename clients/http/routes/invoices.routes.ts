import { z } from 'zod';
import { toInvoiceAnswer } from '../../../services/invoice/invoice-answer.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer, instantAnswer, taxAmountsAnswer } from '../answer-schemas.ts';

const partyAnswer = z.object({
  name: z.string(),
  addressLines: z.array(z.string()).readonly(),
  country: z.string(),
  taxId: z.string().nullable(),
  particulars: z.array(z.string()).readonly(),
});

const lineAnswer = z.object({
  line: z.string(),
  description: z.string(),
  quantity: z.int(),
  unitNet: z.string().nullable(),
  discount: amountAnswer,
  net: amountAnswer,
  tax: amountAnswer,
  gross: amountAnswer,
  taxes: taxAmountsAnswer,
});

const invoiceAnswer = z
  .object({
    id: z.string(),
    kind: z.enum(['invoice', 'credit_note']),
    number: z.string(),
    locale: z.string(),
    order: z.object({ id: z.string(), number: z.string() }),
    issuedAt: instantAnswer,
    issueDate: z.string(),
    seller: partyAnswer,
    buyer: partyAnswer,
    currency: z.string(),
    lines: z.array(lineAnswer).readonly(),
    taxes: taxAmountsAnswer,
    net: amountAnswer,
    discount: amountAnswer,
    tax: amountAnswer,
    gross: amountAnswer,
    placeOfSupply: z.object({ country: z.string(), region: z.string().nullable() }),
    reverseCharge: z.boolean(),
    notes: z.array(z.object({ code: z.string(), text: z.string(), source: z.string() })).readonly(),
    supplyDate: z.string().optional(),
    payment: z.object({ method: z.string(), paidAt: instantAnswer }).nullable().optional(),
    reason: z.string().optional(),
    corrects: z.object({ id: z.string(), number: z.string(), issueDate: z.string() }).optional(),
  })
  .meta({ id: 'Invoice', description: 'An invoice or a credit note; amounts are minor units of `currency`' });

const params = z.object({ id: z.string().min(1).max(64) });
const tags = ['invoices'];

export function registerInvoices(app: Api, { invoices, now }: Pick<ApiDeps, 'invoices' | 'now'>): void {
  app.get(
    '/invoices/:id',
    {
      schema: {
        operationId: 'getInvoice',
        tags,
        summary: 'An invoice or credit note',
        params,
        response: { 200: invoiceAnswer },
      },
    },
    async (request) => toInvoiceAnswer(await invoices.getInvoice(request.params.id)),
  );

  app.get(
    '/invoices/:id.pdf',
    { schema: { operationId: 'getInvoicePdf', tags, summary: 'An invoice or credit note as PDF', params } },
    async (request, reply) => {
      const { content, filename } = await invoices.renderPdf(request.params.id, now());
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="${filename}"`)
        .send(content);
    },
  );
}

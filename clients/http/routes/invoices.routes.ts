import { z } from 'zod';
import { invoiceForms } from '../../../domain/invoice/data/invoice-rules.ts';
import { eInvoiceFormats } from '../../../services/invoice/e-invoice.ts';
import { toInvoiceAnswer } from '../../../services/invoice/invoice-answer.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer, instantAnswer, taxAmountsAnswer } from '../answer-schemas.ts';

const partyAnswer = z.object({
  name: z.string(),
  addressLines: z.array(z.string()).readonly(),
  address: z.object({
    street: z.string().nullable(),
    city: z.string().nullable(),
    postalCode: z.string().nullable(),
    region: z.string().nullable(),
  }),
  country: z.string(),
  taxId: z.string().nullable(),
  registrations: z.array(z.object({ jurisdiction: z.string(), scheme: z.string(), id: z.string() })).readonly(),
  electronicAddress: z.object({ scheme: z.string(), id: z.string() }),
  registerEntry: z.string().nullable(),
  contact: z.object({ name: z.string(), telephone: z.string(), email: z.string() }).nullable(),
  particulars: z.array(z.string()).readonly(),
});

const lineAnswer = z.object({
  line: z.string(),
  description: z.string(),
  category: z.string().meta({ description: 'VAT category of EN 16931', examples: ['S', 'AE', 'O'] }),
  quantity: z.int(),
  unitNet: z.string().nullable(),
  discount: amountAnswer,
  net: amountAnswer,
  tax: amountAnswer,
  gross: amountAnswer,
  taxes: taxAmountsAnswer,
});

const localCurrencyTaxAnswer = z.object({
  jurisdiction: z.string(),
  name: z.string(),
  rate: z.string(),
  currency: z.string(),
  amount: amountAnswer.meta({ description: 'Minor units of its own `currency`' }),
  exchangeRate: z.object({
    from: z.string(),
    to: z.string(),
    rate: z.string(),
    date: z.string(),
    source: z.string(),
  }),
});

const legalAnswer = z.object({
  area: z.string(),
  title: z.string(),
  form: z.enum(invoiceForms),
  source: z.string(),
  missing: z.array(z.string()).readonly().meta({ description: 'Fields that the law asks for and nobody told us' }),
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
    taxesInLocalCurrency: z.array(localCurrencyTaxAnswer).readonly(),
    net: amountAnswer,
    discount: amountAnswer,
    tax: amountAnswer,
    gross: amountAnswer,
    legal: legalAnswer,
    placeOfSupply: z.object({ country: z.string(), region: z.string().nullable() }),
    reverseCharge: z.boolean(),
    notes: z
      .array(
        z.object({
          code: z.string(),
          category: z.string(),
          text: z.string(),
          source: z.string(),
          vatex: z.string().nullable(),
        }),
      )
      .readonly(),
    supplyDate: z.string().optional(),
    payment: z.object({ method: z.string(), paidAt: instantAnswer }).nullable().optional(),
    reason: z.string().optional(),
    corrects: z
      .object({ id: z.string(), number: z.string(), issueDate: z.string(), supplyDate: z.string() })
      .optional(),
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

  app.get(
    '/invoices/:id.xml',
    {
      schema: {
        operationId: 'getInvoiceXml',
        tags,
        summary: 'An invoice or credit note as e-invoice: Peppol BIS 3 UBL, CII, XRechnung, or a Factur-X PDF',
        params,
        querystring: z.object({ format: z.enum(eInvoiceFormats).default('ubl') }),
      },
    },
    async (request, reply) => {
      const { content, mediaType, filename } = await invoices.renderEInvoice(request.params.id, request.query.format);
      return reply.type(mediaType).header('content-disposition', `inline; filename="${filename}"`).send(content);
    },
  );
}

import { z } from 'zod';
import { fail } from '../../../domain/failures.ts';
import { exemptionKinds } from '../../../domain/tax/exemption-certificate.ts';
import { catalogIdSchema } from '../../../services/catalog/catalog-schemas.ts';
import { exemptionCertificateInputSchema } from '../../../services/tax/exemption-certificate-service.ts';
import type { Api, ApiDeps } from '../api-deps.ts';

const dateAnswer = z.string().meta({ format: 'date', examples: ['2026-01-01'] });

const certificateAnswer = z
  .object({
    id: z.string(),
    customer: z.string(),
    kind: z.enum(exemptionKinds),
    jurisdictions: z.array(z.string()).readonly(),
    number: z.string(),
    validFrom: dateAnswer,
    validTo: dateAnswer.nullable(),
  })
  .meta({ id: 'ExemptionCertificate', description: 'Dates are local; `validTo` is the first day without it' });

// `example`, not `examples`: zod leaves the latter out for a schema that transforms its input.
const body = exemptionCertificateInputSchema.meta({
  example: {
    customer: 'cus_1',
    kind: 'resale',
    jurisdictions: ['US-TX'],
    number: 'TX-4711',
    validFrom: '2026-01-01',
    validTo: '2028-01-01',
  },
});

const params = z.object({ id: catalogIdSchema });

export function registerExemptionCertificates(
  app: Api,
  { exemptions, now }: Pick<ApiDeps, 'exemptions' | 'now'>,
): void {
  app.put(
    '/exemption-certificates/:id',
    {
      schema: {
        operationId: 'putExemptionCertificate',
        tags: ['tax'],
        summary: 'Create or replace an exemption certificate',
        description: 'A sale names it as `customer.exemptionCertificate`. What it said before stays on file.',
        params,
        body,
        response: { 200: certificateAnswer },
      },
    },
    (request) => exemptions.put(request.params.id, request.body, now()),
  );

  app.get(
    '/exemption-certificates/:id',
    {
      schema: {
        operationId: 'getExemptionCertificate',
        tags: ['tax'],
        summary: 'An exemption certificate',
        params,
        response: { 200: certificateAnswer },
      },
    },
    async ({ params: { id } }) =>
      (await exemptions.find(id)) ?? fail('request.not_found', `there is no exemption certificate "${id}"`),
  );
}

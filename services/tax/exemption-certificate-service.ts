import type { Db } from 'mongodb';
import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import { exemptibleJurisdictions, exemptionKinds } from '../../domain/tax/exemption-certificate.ts';
import type { ExemptionCertificate } from '../../domain/tax/exemption-certificate.ts';
import { createExemptionCertificateStore } from './exemption-certificate-store.ts';

const jurisdictionSchema = z
  .string()
  .refine(
    (code) => exemptibleJurisdictions.includes(code),
    'must be one that takes certificates: "US-TX", "CA", "CA-BC"',
  );

/** Body of PUT /v1/exemption-certificates/{id}. Dates are local to the jurisdiction; `validTo` is the first day without. */
export const exemptionCertificateInputSchema = z
  .strictObject({
    customer: z.string().trim().min(1).max(200),
    kind: z.enum(exemptionKinds),
    jurisdictions: z
      .array(jurisdictionSchema)
      .min(1)
      .max(100)
      .refine((codes) => new Set(codes).size === codes.length, 'must not name one twice'),
    number: z.string().trim().min(1).max(100),
    validFrom: z.iso.date(),
    validTo: z.iso.date().nullable().default(null),
  })
  .refine(({ validFrom, validTo }) => validTo === null || validFrom < validTo, {
    path: ['validTo'],
    message: 'must be after validFrom',
  });

export type ExemptionCertificateInput = z.output<typeof exemptionCertificateInputSchema>;

export interface ExemptionCertificateService {
  /** Creates or replaces the certificate; at `at`, ISO 8601 UTC. */
  put(id: string, input: ExemptionCertificateInput, at: string): Promise<ExemptionCertificate>;
  find(id: string): Promise<ExemptionCertificate | null>;
  /**
   * The certificate that a sale names. A customer without an id is taken at the caller's word; any other must be the one
   * that it was given to.
   * @throws tax.exemption_certificate_unknown at customer.exemptionCertificate
   */
  require(id: string, customer: string | null): Promise<ExemptionCertificate>;
}

export function createExemptionCertificateService({ db }: { readonly db: Db }): ExemptionCertificateService {
  const store = createExemptionCertificateStore({ db });
  return {
    async put(id, input, at) {
      const certificate = { id, ...input };
      await store.put(certificate, at);
      return certificate;
    },

    find: (id) => store.find(id),

    async require(id, customer) {
      const certificate = await store.find(id);
      if (certificate !== null && (customer === null || customer === certificate.customer)) return certificate;
      const message = `this customer has no exemption certificate "${id}"`;
      return fail('tax.exemption_certificate_unknown', message, [{ path: 'customer.exemptionCertificate', message }]);
    },
  };
}

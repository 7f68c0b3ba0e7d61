import { SignJWT, errors, jwtVerify } from 'jose';
import { fail } from '../../domain/failures.ts';

const audience = 'invoice';
/** As long as the books are kept (OSS record keeping): a customer's own invoice must stay reachable. */
const validFor = '3652 days';

export type InvoiceLinks = ReturnType<typeof createInvoiceLinks>;

/** Links in mails by which a customer reads an invoice without an account: signed, for one document each. */
export function createInvoiceLinks({
  signingKey,
  publicUrl,
}: {
  readonly signingKey: Uint8Array;
  readonly publicUrl: string;
}) {
  return {
    /** `issuedAt`: ISO 8601 UTC. */
    async link(invoiceId: string, issuedAt: string): Promise<string> {
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(invoiceId)
        .setAudience(audience)
        .setIssuedAt(new Date(issuedAt))
        .setExpirationTime(validFor)
        .sign(signingKey);
      return `${publicUrl}/i/${token}`;
    },

    /** The invoice that a token is for. @throws invoice.not_found for anything that we did not sign or that has expired */
    async read(token: string): Promise<string> {
      try {
        const { payload } = await jwtVerify(token, signingKey, { audience, algorithms: ['HS256'] });
        return payload.sub ?? fail('invoice.not_found');
      } catch (error) {
        if (error instanceof errors.JOSEError) fail('invoice.not_found', 'This link is not valid');
        throw error;
      }
    },
  };
}

import type { Db } from 'mongodb';
import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import { exemptionKinds } from '../../domain/tax/exemption-certificate.ts';
import type { ExemptionCertificate } from '../../domain/tax/exemption-certificate.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

type Content = Omit<ExemptionCertificate, 'id'>;

/** A certificate as it stands, and as it stood when earlier sales relied on it. */
export interface ExemptionCertificateDocument extends Content {
  readonly _id: string;
  /** Grows with every change; a change names the one it read. */
  readonly revision: number;
  /** ISO 8601 UTC: since when this content is on file. */
  readonly recordedAt: string;
  readonly earlier: readonly (Content & { readonly recordedAt: string })[];
}

const content = {
  customer: z.string().min(1),
  kind: z.enum(exemptionKinds),
  jurisdictions: z.array(z.string().min(1)).min(1),
  number: z.string().min(1),
  validFrom: z.iso.date(),
  validTo: z.iso.date().nullable(),
};

export const exemptionCertificatesCollection: CollectionSpec<ExemptionCertificateDocument> = {
  name: 'exemption_certificates',
  owner: 'tax',
  // The proof of tax that was not charged.
  retention: 'books',
  schema: z.object({
    _id: z.string().min(1),
    ...content,
    revision: z.int().min(1),
    recordedAt: z.iso.datetime(),
    earlier: z.array(z.object({ ...content, recordedAt: z.iso.datetime() })),
  }),
  indexes: [],
};

/** Two writers at once are rare; one that never wins is a fault of the store. */
const attempts = 20;

export function createExemptionCertificateStore({ db }: { readonly db: Db }) {
  const collection = collectionOf(db, exemptionCertificatesCollection);

  async function find(id: string): Promise<ExemptionCertificateDocument | null> {
    const document = await collection.findOne({ _id: id });
    return document === null ? null : exemptionCertificatesCollection.schema.parse(document);
  }

  async function insertOnce(document: ExemptionCertificateDocument): Promise<boolean> {
    try {
      await collection.insertOne(document);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  return {
    async find(id: string): Promise<ExemptionCertificate | null> {
      const document = await find(id);
      return document === null ? null : { id, ...contentOf(document) };
    },

    /** Creates or replaces; what is replaced stays on file. The same content again changes nothing. */
    async put({ id, ...rest }: ExemptionCertificate, at: string): Promise<void> {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const known = await find(id);
        if (known === null) {
          if (await insertOnce({ _id: id, ...rest, revision: 1, recordedAt: at, earlier: [] })) return;
          continue;
        }
        const before = contentOf(known);
        if (JSON.stringify(before) === JSON.stringify(contentOf(rest))) return;
        const { matchedCount } = await collection.updateOne(
          { _id: id, revision: known.revision },
          {
            $set: { ...rest, recordedAt: at },
            $inc: { revision: 1 },
            $push: { earlier: { ...before, recordedAt: known.recordedAt } },
          },
        );
        if (matchedCount === 1) return;
      }
      fail('store.unavailable', `exemption certificate ${id} is written by too many at once`);
    },
  };
}

/** In one order of fields, so that contents can be compared. */
function contentOf({ customer, kind, jurisdictions, number, validFrom, validTo }: Content): Content {
  return { customer, kind, jurisdictions: [...jurisdictions], number, validFrom, validTo };
}

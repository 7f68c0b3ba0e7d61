import type { Db } from 'mongodb';
import { z } from 'zod';
import type { BusinessTaxId } from '../../domain/tax/business-tax-id.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** A business tax id that a register has confirmed; one document per country and normalised id. */
export interface BusinessTaxIdDocument {
  readonly _id: string;
  /** ISO 3166-1 alpha-2 of the country that gave the id. */
  readonly country: string;
  readonly normalised: string;
  /** ISO 8601 UTC. */
  readonly firstConfirmedAt: string;
  readonly confirmedAt: string;
  /** The register's proof of the last confirmation. */
  readonly consultationNumber: string;
  /** Every confirmation, newest last: each is the proof for the sales until the next. */
  readonly confirmations: readonly { readonly at: string; readonly consultationNumber: string }[];
  /** Every answer that was none, or no. Only of ids that were confirmed before: they say since when that is in doubt. */
  readonly unconfirmed: readonly { readonly at: string; readonly answer: 'unknown' | 'unavailable' }[];
}

export const businessTaxIdsCollection: CollectionSpec<BusinessTaxIdDocument> = {
  name: 'business_tax_ids',
  owner: 'tax',
  retention: 'books',
  schema: z.object({
    _id: z.string().min(1),
    country: z.string().length(2),
    normalised: z.string().min(1),
    firstConfirmedAt: z.iso.datetime(),
    confirmedAt: z.iso.datetime(),
    consultationNumber: z.string(),
    confirmations: z.array(z.object({ at: z.iso.datetime(), consultationNumber: z.string() })),
    // Documents of before 2026-12 have none.
    unconfirmed: z
      .array(z.object({ at: z.iso.datetime(), answer: z.enum(['unknown', 'unavailable']) }))
      .readonly()
      .default([]),
  }),
  indexes: [],
};

type Confirmation = BusinessTaxIdDocument['confirmations'][number];
type Unconfirmed = BusinessTaxIdDocument['unconfirmed'][number];

export function createBusinessTaxIdStore({ db }: { readonly db: Db }) {
  const collection = collectionOf(db, businessTaxIdsCollection);

  async function insertOnce({ country, normalised }: BusinessTaxId, { at, consultationNumber }: Confirmation) {
    const first = { at, consultationNumber };
    try {
      await collection.insertOne({
        _id: documentId({ country, normalised }),
        country,
        normalised,
        firstConfirmedAt: at,
        confirmedAt: at,
        consultationNumber,
        confirmations: [first],
        unconfirmed: [],
      });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  return {
    async find(id: BusinessTaxId): Promise<BusinessTaxIdDocument | null> {
      const document = await collection.findOne({ _id: documentId(id) });
      return document === null ? null : businessTaxIdsCollection.schema.parse(document);
    },

    /** Keeps a confirmation. Repeating one changes nothing, and an older one never replaces a newer one. */
    async confirm(id: BusinessTaxId, confirmation: Confirmation): Promise<void> {
      const { at, consultationNumber } = confirmation;
      await insertOnce(id, confirmation);
      await collection.updateOne({ _id: documentId(id) }, { $addToSet: { confirmations: { at, consultationNumber } } });
      await collection.updateOne(
        { _id: documentId(id), confirmedAt: { $lt: at } },
        { $set: { confirmedAt: at, consultationNumber } },
      );
    },

    /** Keeps an answer that confirms nothing, where there is a confirmation that it casts doubt on. Repeatable. */
    async noteUnconfirmed(id: BusinessTaxId, { at, answer }: Unconfirmed): Promise<void> {
      await collection.updateOne({ _id: documentId(id) }, { $addToSet: { unconfirmed: { at, answer } } });
    },
  };
}

/** Ids of two countries may be the same digits. */
const documentId = ({ country, normalised }: BusinessTaxId) => `${country}/${normalised}`;

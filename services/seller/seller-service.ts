import type { Db } from 'mongodb';
import { defaultSellerId } from '../../domain/catalog/catalog.ts';
import { fail } from '../../domain/failures.ts';
import { freezeTerms, termsAt } from '../../domain/seller/seller.ts';
import type { FrozenSellerTerms, Seller } from '../../domain/seller/seller.ts';
import { termsChangeProblems } from '../../domain/seller/terms-change.ts';
import type { SellerInput } from './seller-schemas.ts';
import { createSellerStore } from './seller-store.ts';
import type { SellerDocument } from './seller-store.ts';

export interface SellerService {
  /**
   * Creates or replaces; the same input again changes nothing. Terms that have begun can only be given an end.
   * @param at now, ISO 8601 UTC
   * @throws seller.terms_begun, request.invalid for terms with ourselves
   */
  put(id: string, input: SellerInput, at: string): Promise<Seller>;
  /** @throws seller.not_found */
  get(id: string): Promise<Seller>;
  exists(id: string): Promise<boolean>;
  /** Ourselves; called once when a process starts. */
  ensureOwnSeller(name: string): Promise<void>;
  /**
   * What order lines freeze of these sellers' terms; null for what is our own. No query for our own products, and for
   * others one per seller and minute.
   * @throws seller.terms_missing, seller.not_found
   */
  frozenTerms(
    sellerIds: readonly string[],
    sale: { readonly currency: string; readonly at: string },
  ): Promise<ReadonlyMap<string, FrozenSellerTerms | null>>;
}

/** A seller is read again after this long, so changed terms begin this long after they were written, or later. */
const rememberedMs = 60_000;
/** Beyond this many sellers what is remembered starts afresh. */
const rememberedSellers = 10_000;

/** @param deps.clock milliseconds, for the age of what is remembered */
export function createSellerService(deps: { readonly db: Db; readonly clock: () => number }): SellerService {
  const store = createSellerStore(deps.db);
  const remembered = new Map<string, { readonly seller: Seller; readonly until: number }>();

  async function require(id: string): Promise<SellerDocument> {
    return (await store.find(id)) ?? fail('seller.not_found', `There is no seller "${id}"`);
  }

  async function recall(ids: readonly string[]): Promise<readonly Seller[]> {
    const now = deps.clock();
    const stale = ids.filter((id) => (remembered.get(id)?.until ?? now) <= now);
    if (stale.length > 0) {
      if (remembered.size > rememberedSellers) remembered.clear();
      const found = await store.byIds(stale);
      for (const document of found)
        remembered.set(document._id, { seller: toSeller(document), until: now + rememberedMs });
    }
    return ids.map((id) => remembered.get(id)?.seller ?? fail('seller.not_found', `There is no seller "${id}"`));
  }

  return {
    async put(id, input, at) {
      if (id === defaultSellerId && input.terms.length > 0) {
        const message = 'what we make ourselves is not shared with anybody';
        fail('request.invalid', message, [{ path: 'terms', message }]);
      }
      if (await store.insert({ _id: id, revision: 1, ...input })) return { id, ...input };
      for (;;) {
        const { revision, terms } = await require(id);
        const earliest = new Date(Date.parse(at) + rememberedMs).toISOString();
        const problems = termsChangeProblems(terms, input.terms, earliest);
        if (problems.length > 0) fail('seller.terms_begun', problems[0]?.message, problems);
        if (await store.replace({ _id: id, revision: revision + 1, ...input })) return { id, ...input };
      }
    },

    get: async (id) => toSeller(await require(id)),

    exists: async (id) => (await store.find(id)) !== null,

    async ensureOwnSeller(name) {
      const own = { addressLines: [], country: null, taxId: null, locale: 'en', terms: [] } as const;
      await store.insert({ _id: defaultSellerId, revision: 1, name, ...own });
    },

    async frozenTerms(sellerIds, { currency, at }) {
      const vendors = [...new Set(sellerIds)].filter((id) => id !== defaultSellerId);
      const sellers = vendors.length === 0 ? [] : await recall(vendors);
      return new Map(
        sellers.map(({ id, terms }) => {
          if (terms.length === 0) return [id, null];
          const message = `the contract with seller "${id}" has no terms for ${at}`;
          const held = termsAt(terms, at) ?? fail('seller.terms_missing', message, [{ path: 'lines', message }]);
          return [id, freezeTerms(held, currency)];
        }),
      );
    },
  };
}

function toSeller({ _id, name, addressLines, country, taxId, locale, terms }: SellerDocument): Seller {
  return { id: _id, name, addressLines, country, taxId, locale, terms };
}

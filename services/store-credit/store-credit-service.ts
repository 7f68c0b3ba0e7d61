import { fail } from '../../domain/failures.ts';
import { releaseKey } from './store-credit-store.ts';
import type { StoreCreditAccount, StoreCreditMovement, StoreCreditStore } from './store-credit-store.ts';

interface Moved {
  readonly holder: string;
  readonly currency: string;
  readonly key: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

interface Debit extends Moved {
  readonly upTo: number;
  readonly leave?: number;
}

/**
 * What we owe customers in goods: one account per holder ("customer/…", "subscription/…") and currency, in minor units.
 * A movement's key is the fact of the journal entry that books it (facts.sale of a spend, facts.refund of a grant), and
 * moves an account once however often it is asked for.
 */
export interface StoreCreditService {
  /**
   * Puts credit on the account. The same key again is a no-op.
   * @throws store_credit.amount_invalid, store_credit.conflict when the key stands for another movement
   */
  grant(credit: Moved & { readonly amount: number }): Promise<void>;
  /**
   * Takes what is there, at most `upTo`, and says how much that was. The answer of the first call holds for every later
   * one, 0 as well; a spend that was released is 0.
   * @param debit.leave where not all of `upTo` is there, at least so much of it is not taken: the smallest amount that can
   * be charged (`leastCharge` of services/payment/payment-service.ts); absent: 0
   * @throws store_credit.amount_invalid, store_credit.conflict when the key stands for another movement, store_credit.busy
   */
  spend(debit: Debit): Promise<number>;
  /** Puts back what was spent under this key, on every account, and says how much. Repeatable; 0: nothing was. */
  release(key: string, at: string): Promise<number>;
  /** Minor units, never below 0. */
  balance(holder: string, currency: string): Promise<number>;
}

/** Others moved the account between our look and our move this many times in a row: the caller tries again later. */
const tries = 100;

export function createStoreCreditService({ store }: { readonly store: StoreCreditStore }): StoreCreditService {
  async function takeOnce(debit: Debit): Promise<number | 'moved_meanwhile'> {
    const account = await store.open(debit.holder, debit.currency);
    const before = movementOf(account, debit.key);
    if (before !== null) return spentBefore(account, before);
    const part = Math.max(0, debit.upTo - (debit.leave ?? 0));
    const amount = account.balance >= debit.upTo ? debit.upTo : Math.min(account.balance, part);
    // All of it is there however others move the account; less than that is right only while nobody does.
    const expected = amount === debit.upTo ? null : account.balance;
    const movement = { key: debit.key, kind: 'spend', amount: 0 - amount, at: debit.at } as const;
    return (await store.move(account._id, movement, expected)) ? amount : 'moved_meanwhile';
  }

  return {
    async grant({ holder, currency, amount, key, at }) {
      assertWhole(amount, 1, `credit under ${key}`);
      const account = await store.open(holder, currency);
      if (await store.move(account._id, { key, kind: 'grant', amount, at }, null)) return;
      const before = movementOf(await store.open(holder, currency), key);
      if (before?.kind !== 'grant' || before.amount !== amount)
        fail('store_credit.conflict', `${key} stands for another movement of this account`);
    },

    async spend(debit) {
      assertWhole(debit.upTo, 0, `spend under ${debit.key}`);
      for (let attempt = 0; attempt < tries; attempt += 1) {
        const taken = await takeOnce(debit);
        if (taken !== 'moved_meanwhile') return taken;
      }
      return fail('store_credit.busy', `${debit.key} found its account moved ${tries} times in a row`);
    },

    async release(key, at) {
      let released = 0;
      for (const account of await store.withMovement(key)) {
        const spent = movementOf(account, key);
        if (spent?.kind !== 'spend' || spent.amount === 0) continue;
        const amount = 0 - spent.amount;
        await store.move(account._id, { key: releaseKey(key), kind: 'release', amount, at }, null);
        released += amount;
      }
      return released;
    },

    balance: async (holder, currency) => (await store.find(holder, currency))?.balance ?? 0,
  };
}

function movementOf({ movements }: StoreCreditAccount, key: string): StoreCreditMovement | null {
  return movements.find((movement) => movement.key === key) ?? null;
}

function spentBefore(account: StoreCreditAccount, { key, kind, amount }: StoreCreditMovement): number {
  if (kind !== 'spend') return fail('store_credit.conflict', `${key} stands for another movement of this account`);
  return movementOf(account, releaseKey(key)) === null ? 0 - amount : 0;
}

function assertWhole(amount: number, least: number, what: string): void {
  if (!Number.isSafeInteger(amount) || amount < least)
    fail('store_credit.amount_invalid', `${what} is not a whole amount of at least ${least}: ${amount}`);
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createStoreCreditService } from '../../../services/store-credit/store-credit-service.ts';
import { createStoreCreditStore } from '../../../services/store-credit/store-credit-store.ts';
import { ensureIndexes } from '../../../services/store/collections.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const db = await databaseOfThisFile();
await ensureIndexes(db);
const store = createStoreCreditStore(db);
const credit = createStoreCreditService({ store });
const at = '2026-11-21T10:00:00.000Z';
let accounts = 0;

/** Keys are few, so that many moves repeat or contradict another. */
const move = fc.record({
  kind: fc.constantFrom('grant', 'spend', 'release'),
  key: fc.integer({ min: 0, max: 5 }),
  amount: fc.integer({ min: 1, max: 300 }),
});

describe('for all moves of an account at the same time', () => {
  it('the balance is never below zero and what its movements come to, each key moved once, and the answers are what moved', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(move, { maxLength: 8 }), { maxLength: 3 }), async (waves) => {
        accounts += 1;
        const account = { holder: `customer/p${accounts}`, currency: 'EUR' };
        const taken = new Map<string, Set<number>>();
        const play = async ({ kind, key: number, amount }: { kind: string; key: number; amount: number }) => {
          const key = `${kind === 'grant' ? 'grant' : 'sale'}/${accounts}/${number}`;
          if (kind === 'release') return void (await credit.release(key, at));
          if (kind === 'grant')
            return void (await credit.grant({ ...account, amount, key, at }).catch(() => undefined));
          const spent = await credit.spend({ ...account, upTo: amount, key, at });
          taken.set(key, (taken.get(key) ?? new Set()).add(spent));
        };
        for (const wave of waves) await Promise.all(wave.map(play));
        const { balance, movements } = await store.open(account.holder, account.currency);
        expect(balance).toBeGreaterThanOrEqual(0);
        expect(movements.reduce((sum, { amount }) => sum + amount, 0)).toBe(balance);
        expect(new Set(movements.map(({ key }) => key)).size).toBe(movements.length);
        for (const [key, answers] of taken) {
          const spent = movements.find((movement) => movement.key === key)?.amount ?? 0;
          // 0 where it was released before the answer.
          expect([...answers].filter((answer) => answer !== 0 && answer !== -spent)).toEqual([]);
        }
      }),
      { numRuns: propertyRuns(0.1) },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { createStoreCreditService } from '../../../services/store-credit/store-credit-service.ts';
import {
  createStoreCreditStore,
  storeCreditAccounts,
  storeCreditMoved,
} from '../../../services/store-credit/store-credit-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { ensureIndexes } from '../../../services/store/collections.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';

const db = await databaseOfThisFile();
await ensureIndexes(db);
const credit = createStoreCreditService({ store: createStoreCreditStore(db) });
const at = '2026-11-21T10:00:00.000Z';
let holders = 0;

/** A new account with this much on it. */
async function accountWith(amount: number): Promise<{ readonly holder: string; readonly currency: string }> {
  holders += 1;
  const account = { holder: `customer/c${holders}`, currency: 'EUR' };
  if (amount > 0) await credit.grant({ ...account, amount, key: `grant/${holders}`, at });
  return account;
}
const key = (text: string) => `${text}/${holders}`;

describe('store credit', () => {
  it('is kept by holder and currency', async () => {
    const { holder } = await accountWith(500);
    await credit.grant({ holder, currency: 'USD', amount: 70, key: key('usd'), at });
    expect(await credit.balance(holder, 'EUR')).toBe(500);
    expect(await credit.balance(holder, 'USD')).toBe(70);
    expect(await credit.balance(holder, 'JPY')).toBe(0);
    expect(await credit.balance('subscription/c1', 'EUR')).toBe(0);
  });

  it('is granted once by its key, however often and by however many it is asked for', async () => {
    const account = await accountWith(0);
    const grant = { ...account, amount: 300, key: key('refund'), at };
    await Promise.all(Array.from({ length: 20 }, () => credit.grant(grant)));
    expect(await credit.balance(account.holder, 'EUR')).toBe(300);
    await expect(credit.grant({ ...grant, amount: 301 })).rejects.toMatchObject({ code: 'store_credit.conflict' });
  });

  it('pays what is there and no more, and says the same again under the same key', async () => {
    const account = await accountWith(500);
    const spend = (name: string, upTo: number) => credit.spend({ ...account, upTo, key: key(name), at });
    expect(await spend('a', 300)).toBe(300);
    expect(await spend('b', 300)).toBe(200);
    expect(await spend('c', 300)).toBe(0);
    await credit.grant({ ...account, amount: 1_000, key: key('later'), at });
    expect([await spend('a', 300), await spend('b', 300), await spend('c', 300)]).toEqual([300, 200, 0]);
    expect(await credit.balance(account.holder, 'EUR')).toBe(1_000);
  });

  it('leaves what can be charged where it does not pay for everything', async () => {
    const spend = async (balance: number, upTo: number, leave: number) =>
      credit.spend({ ...(await accountWith(balance)), upTo, leave, key: key('sale'), at });
    expect(await spend(1_000, 1_000, 50)).toBe(1_000);
    expect(await spend(990, 1_000, 50)).toBe(950);
    expect(await spend(900, 1_000, 50)).toBe(900);
    expect(await spend(20, 30, 50)).toBe(0);
  });

  it('never overdraws an account that 50 spend from at once, and spends it to the last cent', async () => {
    const account = await accountWith(1_000);
    const spent = await Promise.all(
      Array.from({ length: 50 }, (_, index) => credit.spend({ ...account, upTo: 70, key: key(`s${index}`), at })),
    );
    expect(spent.reduce((sum, one) => sum + one, 0)).toBe(1_000);
    expect(spent.filter((one) => one === 70)).toHaveLength(14);
    expect(spent.filter((one) => one > 0 && one < 70)).toEqual([20]);
    expect(await credit.balance(account.holder, 'EUR')).toBe(0);
  });

  it('takes it once when the same order is paid by many at once', async () => {
    const account = await accountWith(1_000);
    const spends = Array.from({ length: 20 }, () => credit.spend({ ...account, upTo: 400, key: key('sale'), at }));
    expect(new Set(await Promise.all(spends))).toEqual(new Set([400]));
    expect(await credit.balance(account.holder, 'EUR')).toBe(600);
  });

  it('comes back once when nothing was bought, and stays back', async () => {
    const account = await accountWith(500);
    const sale = { ...account, upTo: 400, key: key('sale'), at };
    await credit.spend(sale);
    expect(await Promise.all(Array.from({ length: 10 }, () => credit.release(sale.key, at)))).toContain(400);
    expect(await credit.release(sale.key, at)).toBe(400);
    expect(await credit.balance(account.holder, 'EUR')).toBe(500);
    expect(await credit.spend(sale)).toBe(0);
    expect(await credit.release(key('never'), at)).toBe(0);
    expect(await credit.release(key('grant'), at)).toBe(0);
  });

  it('says what moved under a fact, on all accounts together', async () => {
    const [one, other] = [await accountWith(500), await accountWith(500)];
    for (const account of [one, other]) await credit.spend({ ...account, upTo: 100, key: 'order/x/sale', at });
    await credit.spend({ ...one, upTo: 100, key: 'order/y/sale', at });
    await credit.release('order/y/sale', at);
    expect([...(await storeCreditMoved(db, ['order/x/sale', 'order/y/sale', 'order/z/sale']))]).toEqual([
      ['order/x/sale', -200],
      ['order/y/sale', 0],
    ]);
  });

  it('refuses amounts that are none, and a key that stands for something else', async () => {
    const account = await accountWith(500);
    for (const amount of [0, -1, 0.5, Number.NaN])
      await expect(credit.grant({ ...account, amount, key: key('bad'), at })).rejects.toMatchObject({
        code: 'store_credit.amount_invalid',
      });
    for (const upTo of [-1, 0.5])
      await expect(credit.spend({ ...account, upTo, key: key('bad'), at })).rejects.toMatchObject({
        code: 'store_credit.amount_invalid',
      });
    await expect(credit.spend({ ...account, upTo: 5, key: key('grant'), at })).rejects.toMatchObject({
      code: 'store_credit.conflict',
    });
    expect(await credit.balance(account.holder, 'EUR')).toBe(500);
  });

  it('is a document of its schema', async () => {
    const documents = await collectionOf(db, storeCreditAccounts).find().toArray();
    expect(documents.flatMap((document) => storeCreditAccounts.schema.safeParse(document).error?.issues ?? [])).toEqual(
      [],
    );
  });
});

import type { Db } from 'mongodb';
import { openWithdrawals } from '../../services/withdrawal/withdrawal-fixture.ts';
import { startApi } from '../http/api-under-test.ts';

export type PageUnderTest = Awaited<ReturnType<typeof openPage>>;

/** A customer's paid order, and what its mails call it. */
export const buyer = { orderId: 'ord_7F3K92QXM4TN8WRB', number: '7F3K-92QX-M4TN-8WRB', email: 'ada@example.com' };

const signingKey = new TextEncoder().encode('a signing key of thirty-two bytes, at least');

/** The page on a real API over the real services; only Temporal is left out, which the refund is started with afterwards. */
export async function openPage(db: Db, given: { readonly withdrawalsPerMinute?: number } = {}) {
  const shop = await openWithdrawals(db);
  await shop.recordOrder(buyer.orderId, buyer.email);
  await shop.pay(buyer.orderId);
  const clock = { now: () => new Date().toISOString() };
  const settling: Promise<unknown>[] = [];
  const api = await startApi(db, {
    now: () => clock.now(),
    limits: { withdrawals: given.withdrawalsPerMinute ?? 10_000 },
    withdrawalPage: {
      client: {
        record: shop.withdrawals.record,
        settle: async (id, now) => {
          const done = shop.withdrawals.settle(id, now);
          settling.push(done.catch(() => null));
          await done;
        },
      },
      statements: shop.withdrawals,
      signingKey,
      brand: 'Waybill Commerce Ltd',
    },
  });

  const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${api.url}${path}`, { headers, redirect: 'manual' });
  const post = (path: string, form: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${api.url}${path}`, { method: 'POST', body: new URLSearchParams(form), headers, redirect: 'manual' });

  return {
    ...{ shop, api, clock, get, post },
    /** Everything that happens after an answer has happened. */
    settled: async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await Promise.all(settling);
    },
    close: async () => {
      await api.app.close();
      await shop.close();
    },
  };
}

/** The sealed statement in the second step's page. */
export function tokenIn(html: string): string {
  return /name="token" value="([^"]+)"/.exec(html)?.[1] ?? '';
}

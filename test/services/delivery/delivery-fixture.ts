import type { Db } from 'mongodb';
import type { DeliverySpec } from '../../../domain/catalog/catalog.ts';
import { Failure, fail } from '../../../domain/failures.ts';
import type { AccountHost } from '../../../services/delivery/account-host.ts';
import { createDeliveryService, deliveryCollections } from '../../../services/delivery/delivery-service.ts';
import type { DeliveryRequest } from '../../../services/delivery/delivery-service.ts';
import { newLicenseKey } from '../../../services/delivery/new-license-key.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';

export const at = '2026-11-21T10:00:00.000Z';
export const lifetime = { at, ttlSeconds: 900 };

async function createIndexes(db: Db): Promise<void> {
  for (const { name, indexes } of deliveryCollections) {
    if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
    else await db.createCollection(name);
  }
}

/** An account host in memory that keeps the promises of the port, and can be told to be away or to refuse. */
export function createMemoryAccountHost() {
  const accounts = new Map<string, { accountId: string; active: boolean; closed: boolean; seats: number }>();
  const mood: { now: 'well' | 'away' | 'refusing' } = { now: 'well' };

  function answer(): void {
    if (mood.now === 'away') throw new Failure('delivery.account_host_unavailable');
    if (mood.now === 'refusing') throw new Failure('delivery.account_refused');
  }

  const host: AccountHost = {
    id: 'memory',
    activate({ key, seats }) {
      return Promise.resolve().then(() => {
        answer();
        const account = accounts.get(key) ?? {
          accountId: `acc_${accounts.size + 1}`,
          active: true,
          closed: false,
          seats,
        };
        accounts.set(key, account);
        return { accountId: account.accountId, loginUrl: `https://accounts.test/${account.accountId}` };
      });
    },
    adjust({ key, seats, state }) {
      return Promise.resolve().then(() => {
        answer();
        const account = accounts.get(key);
        if (account === undefined || account.closed) return;
        account.active = state === 'active';
        account.seats = seats;
      });
    },
    deactivate({ key }) {
      return Promise.resolve().then(() => {
        answer();
        const account = accounts.get(key);
        if (account !== undefined) Object.assign(account, { active: false, closed: true });
      });
    },
  };
  return { host, accounts, mood };
}

const knownFiles: readonly string[] = ['handbook.pdf', 'app.zip'];

export function createService(db: Db, options: { host?: AccountHost; newLicenseKey?: () => string } = {}) {
  return createDeliveryService({
    db,
    files: {
      requireFile: (name) =>
        Promise.resolve().then(() => (knownFiles.includes(name) ? { name } : fail('catalog.file_unknown'))),
    },
    accountHosts: options.host === undefined ? {} : { memory: options.host },
    signingKey: new TextEncoder().encode('a signing key of thirty-two bytes, at least'),
    publicUrl: 'https://shop.test',
    newLicenseKey: options.newLicenseKey ?? newLicenseKey,
  });
}

/** One generated licence key for line 1, unless told otherwise. */
export function request(orderId: string, change: Partial<DeliveryRequest> = {}): DeliveryRequest {
  return {
    orderId,
    line: '1',
    product: 'prod_app',
    quantity: 1,
    spec: { method: 'license', pool: null },
    customerEmail: 'anna@example.com',
    at,
    ...change,
  };
}

/** Everything of line 1 was refunded, unless told otherwise. */
export function refunded(orderId: string, quantity: number | null = null, fact = 'refund/rfd_1') {
  return { orderId, line: '1', quantity, fact: `order/${orderId}/${fact}`, reason: 'refunded', at } as const;
}

/** Switched on by the partner in memory. */
export const account: DeliverySpec = { method: 'account', host: 'memory', plan: 'pro' };

/** The records of a test file, and what can be seen in them. Awaited at the top of the file. */
export async function deliveryRecords() {
  const db = await databaseOfThisFile();
  await createIndexes(db);
  return {
    db,
    /** What the customer sees. */
    view: async (orderId: string) => {
      const service = createService(db);
      return service.deliveryView(await service.deliveriesOf(orderId), lifetime);
    },
    licenseStatuses: async (orderId: string): Promise<unknown[]> =>
      (await db.collection('licenses').find({ orderId }).toArray()).map((license): unknown => license['status']),
  };
}

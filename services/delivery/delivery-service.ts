import type { Db } from 'mongodb';
import type { DeliverySpec } from '../../domain/catalog/catalog.ts';
import { deliveryCapabilities, deliveryId } from '../../domain/delivery/delivery.ts';
import type { DeliveryOutcome, DeliveryRecord } from '../../domain/delivery/delivery.ts';
import { parseLicenseKey } from '../../domain/delivery/license-key.ts';
import type { Access } from '../../domain/entitlement/entitlement.ts';
import { fail } from '../../domain/failures.ts';
import type { OrderId } from '../../domain/ids.ts';
import { assertNever } from '../../domain/state-machine.ts';
import type { AccountHost } from './account-host.ts';
import { accessChangesCollection, createAccessChangeStore } from './access-change-store.ts';
import { createDeliveryAccess } from './delivery-access.ts';
import { createDeliveryEffects } from './delivery-effects.ts';
import type { FileDirectory } from './delivery-effects.ts';
import { createDeliveryStore, deliveriesCollection } from './delivery-store.ts';
import { viewOf } from './delivery-view.ts';
import type { DeliveryView, DownloadLink } from './delivery-view.ts';
import { createDownloadGrantStore, downloadGrantsCollection } from './download-grant-store.ts';
import { createDownloadTokens } from './download-token.ts';
import { createLicensePoolStore, licensePoolKeysCollection } from './license-pool-store.ts';
import { createLicenseStore, licensesCollection } from './license-store.ts';
import type { LicenseDocument } from './license-store.ts';

export interface DeliveryRequest {
  readonly orderId: OrderId;
  readonly line: string;
  readonly product: string;
  /** Units: licences, seats, or what multiplies the number of downloads. */
  readonly quantity: number;
  readonly spec: DeliverySpec;
  /** Given to the account host; not kept here. */
  readonly customerEmail: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** How long a link shall work, from when. */
export interface LinkLifetime {
  readonly at: string;
  readonly ttlSeconds: number;
}

/** A link in a mail has to outlive a weekend; one in an API answer is asked for again. */
export const linkSeconds = { mail: 72 * 3600, api: 15 * 60 } as const;

export interface DeliveryServiceDeps {
  readonly db: Db;
  readonly files: FileDirectory;
  /** By the `host` that products name. */
  readonly accountHosts: Readonly<Record<string, AccountHost>>;
  /** HS256, at least 32 bytes. */
  readonly signingKey: Uint8Array;
  /** Where customers reach us, without a trailing slash. */
  readonly publicUrl: string;
  readonly newLicenseKey: () => string;
}

export const deliveryCollections = [
  deliveriesCollection,
  licensesCollection,
  licensePoolKeysCollection,
  downloadGrantsCollection,
  accessChangesCollection,
] as const;

/** How it stands with a licence. */
export interface LicenseStanding {
  readonly product: string;
  readonly state: 'active' | 'suspended' | 'revoked';
}

export type DeliveryService = ReturnType<typeof createDeliveryService>;

/** Gives customers what they bought, once, and takes it back: record of intent → effect → settle, each repeatable. */
export function createDeliveryService(deps: DeliveryServiceDeps) {
  const { db, publicUrl, signingKey } = deps;
  const store = createDeliveryStore(db);
  const grants = createDownloadGrantStore(db);
  const pools = createLicensePoolStore(db);
  const licenses = createLicenseStore(db);
  const effects = createDeliveryEffects({ ...deps, licenses, pools, grants });
  const access = createDeliveryAccess({ store, changes: createAccessChangeStore(db), effects });
  const tokens = createDownloadTokens({ signingKey });

  /** Says how a delivery ended, and clears away what an overtaken attempt left behind. */
  async function conclude(record: DeliveryRecord): Promise<DeliveryOutcome> {
    switch (record.status) {
      case 'delivered':
        return { kind: 'delivered' };
      case 'impossible':
        // A partner that refused has nothing to undo.
        if (!deliveryCapabilities[record.method].partner) await effects.undo(record);
        return {
          kind: 'impossible',
          reason: record.reason ?? fail('internal.unexpected', `${record.id} has no reason`),
        };
      case 'revoked':
        await effects.undo(record);
        if (record.deliveredAt !== null) return { kind: 'delivered' };
        return fail('delivery.conflict', `delivery ${record.id} was taken back before it was done`);
      case 'pending':
        return fail('internal.unexpected', `delivery ${record.id} is still pending after it was settled`);
      default:
        return assertNever(record.status);
    }
  }

  /** What was recorded about the access while a partner was busy reaches the partner now. */
  async function inLine(record: DeliveryRecord, at: string): Promise<DeliveryOutcome> {
    const outcome = await conclude(record);
    if (deliveryCapabilities[record.method].partner && outcome.kind === 'delivered')
      await access.follow(record.orderId, record.line, at);
    return outcome;
  }

  async function standingOf({ deliveryId: id, index, product }: LicenseDocument): Promise<LicenseStanding> {
    const left = await access.accessTo(await store.require(id));
    const state = left.state === 'active' || left.state === 'suspended' ? left.state : 'revoked';
    return { product, state: 'units' in left && index >= left.units ? 'revoked' : state };
  }

  async function linkWith(
    { state }: Access,
    record: DeliveryRecord,
    { at, ttlSeconds }: LinkLifetime,
  ): Promise<DownloadLink | null> {
    if (state !== 'active' || record.status !== 'delivered' || record.details?.method !== 'download') return null;
    const expiresAt = new Date(Date.parse(at) + ttlSeconds * 1000).toISOString();
    return { url: `${publicUrl}/d/${await tokens.sign(record.id, expiresAt)}`, expiresAt };
  }

  return {
    /**
     * Delivers one line by one method. The same order, line and method again answer as before and give nothing twice.
     * @throws delivery.account_host_unavailable (retry); delivery.conflict: other content, or taken back meanwhile;
     * delivery.account_host_unknown, delivery.method_not_served
     */
    async deliver(request: DeliveryRequest): Promise<DeliveryOutcome> {
      const record = await store.open(intentOf(request));
      if (record.status === 'pending') {
        // The intent is on file: a revocation either sees it, or is seen here.
        if ((await access.accessTo(record)).state === 'revoked') {
          await access.takeBack(record, request.at);
          return conclude(await store.require(record.id));
        }
        const settlement = await effects.apply(record, request.customerEmail, request.at);
        return inLine(await store.settle(record.id, settlement, request.at), request.at);
      }
      return inLine(record, request.at);
    },

    /** What is recorded about a line's access, and what follows from it. */
    revoke: access.revoke,
    suspend: access.suspend,
    restore: access.restore,

    /**
     * Whether a licence may be used, for whoever holds its key. null: there is no such key. Of a key that two vendors
     * have issued, the one that may be used counts.
     */
    async licenseStanding(key: string): Promise<LicenseStanding | null> {
      const standings = await Promise.all((await licenses.byKey(parseLicenseKey(key) ?? key)).map(standingOf));
      return standings.find(({ state }) => state === 'active') ?? standings[0] ?? null;
    },

    deliveriesOf: (orderId: OrderId): Promise<readonly DeliveryRecord[]> => store.ofOrder(orderId),

    /** Those of the planned deliveries that were begun: by key, where the caller knows the lines. */
    deliveriesOfLines: (
      orderId: OrderId,
      lines: readonly { readonly line: string; readonly delivery: readonly DeliverySpec[] }[],
    ): Promise<readonly DeliveryRecord[]> =>
      store.byIds(
        lines.flatMap(({ line, delivery }) => delivery.map(({ method }) => deliveryId(orderId, line, method))),
      ),

    /** Rows for the API, with links that work for `ttlSeconds`. */
    async deliveryView(records: readonly DeliveryRecord[], lifetime: LinkLifetime): Promise<readonly DeliveryView[]> {
      const accesses = await access.accessToAll(records);
      const rows = records.map(async (record, index) => {
        const left = accesses[index] ?? fail('internal.unexpected', `the access to ${record.id} was not read`);
        return viewOf(record, left, await linkWith(left, record, lifetime));
      });
      return Promise.all(rows);
    },

    /** The link to the file of a delivery; null for one that has none, has not happened, or may not be used now. */
    linkTo: async (record: DeliveryRecord, lifetime: LinkLifetime): Promise<DownloadLink | null> =>
      linkWith(await access.accessTo(record), record, lifetime),

    /**
     * Uses one download up.
     * @throws download.expired, download.limit_reached, download.revoked, download.suspended, delivery.not_found
     */
    async redeemDownload(token: string, at: string): Promise<{ readonly file: string }> {
      const [record] = await store.byIds([await tokens.read(token, at)]);
      if (record === undefined) return fail('delivery.not_found', 'There is no such download');
      const left = await access.accessTo(record);
      switch (left.state) {
        case 'active':
          return grants.use(record.id, left.units, at);
        case 'suspended':
          return fail('download.suspended');
        case 'revoked':
          return fail('download.revoked');
        case 'none':
          return fail('delivery.not_found', 'There is no such download');
      }
    },

    /** Makes the pool hold these keys: adds new ones, removes free ones that are no longer listed, keeps assigned ones. */
    replacePool: (poolId: string, keys: readonly string[]): Promise<void> => pools.replace(poolId, keys),
  };
}

function intentOf({ orderId, line, product, quantity, spec, at }: DeliveryRequest): DeliveryRecord {
  const { method } = spec;
  return {
    id: deliveryId(orderId, line, method),
    orderId,
    line,
    product,
    method,
    spec,
    quantity,
    status: 'pending',
    reason: null,
    details: null,
    at,
    deliveredAt: null,
    revokedAt: null,
  };
}

import type { Db } from 'mongodb';
import type { DeliverySpec } from '../../domain/catalog/catalog.ts';
import { deliveryCapabilities, deliveryId } from '../../domain/delivery/delivery.ts';
import type { DeliveryOutcome, DeliveryRecord } from '../../domain/delivery/delivery.ts';
import { fail } from '../../domain/failures.ts';
import type { OrderId } from '../../domain/ids.ts';
import { assertNever } from '../../domain/state-machine.ts';
import type { AccountHost } from './account-host.ts';
import { createDeliveryEffects } from './delivery-effects.ts';
import type { FileDirectory } from './delivery-effects.ts';
import { createDeliveryStore, deliveriesCollection } from './delivery-store.ts';
import { viewOf } from './delivery-view.ts';
import type { DeliveryView, DownloadLink } from './delivery-view.ts';
import { createDownloadGrantStore, downloadGrantsCollection } from './download-grant-store.ts';
import { createDownloadTokens } from './download-token.ts';
import { createLicensePoolStore, licensePoolKeysCollection } from './license-pool-store.ts';
import { createLicenseStore, licensesCollection } from './license-store.ts';

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
] as const;

export type DeliveryService = ReturnType<typeof createDeliveryService>;

/** Gives customers what they bought, once, and takes it back: record of intent → effect → settle, each repeatable. */
export function createDeliveryService(deps: DeliveryServiceDeps) {
  const { db, publicUrl, signingKey } = deps;
  const store = createDeliveryStore(db);
  const grants = createDownloadGrantStore(db);
  const pools = createLicensePoolStore(db);
  const effects = createDeliveryEffects({ ...deps, licenses: createLicenseStore(db), pools, grants });
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

  async function linkTo(record: DeliveryRecord, { at, ttlSeconds }: LinkLifetime): Promise<DownloadLink | null> {
    if (record.status !== 'delivered' || record.details?.method !== 'download') return null;
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
      if (record.status !== 'pending') return conclude(record);
      const settlement = await effects.apply(record, request.customerEmail, request.at);
      return conclude(await store.settle(record.id, settlement, request.at));
    },

    /**
     * Takes back what a line was given and stops what is under way. A no-op when nothing was delivered; what cannot be
     * taken back (a file that was mailed) stays. @throws delivery.account_host_unavailable (retry)
     */
    async revoke(orderId: OrderId, line: string, at: string): Promise<void> {
      const records = await store.ofLine(orderId, line);
      // What is ours is stopped first: a partner who is away must not keep a licence or a download alive.
      records.sort((a, b) => partnerRank(a) - partnerRank(b));
      for (const record of records) {
        const revoked = await store.startRevocation(record);
        if (revoked.status !== 'revoked' || revoked.revokedAt !== null) continue;
        await effects.undo(revoked);
        await store.settleRevocation(revoked.id, at);
      }
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
    deliveryView: (records: readonly DeliveryRecord[], lifetime: LinkLifetime): Promise<readonly DeliveryView[]> =>
      Promise.all(records.map(async (record) => viewOf(record, await linkTo(record, lifetime)))),

    /** The link to the file of a delivery; null for one that has none, or has not happened. */
    linkTo,

    /** Uses one download up. @throws download.expired, download.limit_reached, download.revoked, delivery.not_found */
    redeemDownload: async (token: string, at: string): Promise<{ readonly file: string }> =>
      grants.use(await tokens.read(token, at), at),

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

function partnerRank({ method }: DeliveryRecord): number {
  return deliveryCapabilities[method].partner ? 1 : 0;
}

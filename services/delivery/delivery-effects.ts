import type { DeliveryRecord } from '../../domain/delivery/delivery.ts';
import { fail, isFailure } from '../../domain/failures.ts';
import { assertNever } from '../../domain/state-machine.ts';
import type { AccountHost } from './account-host.ts';
import type { Settlement } from './delivery-store.ts';
import type { DownloadGrantStore } from './download-grant-store.ts';
import type { LicensePoolStore } from './license-pool-store.ts';
import type { LicenseStore } from './license-store.ts';

export type DeliveryEffects = ReturnType<typeof createDeliveryEffects>;

/** What delivery has to know of the files that products name. */
export interface FileDirectory {
  /** @throws Failure catalog.file_unknown */
  requireFile(name: string): Promise<unknown>;
}

export interface DeliveryEffectsDeps {
  readonly licenses: LicenseStore;
  readonly pools: LicensePoolStore;
  readonly grants: DownloadGrantStore;
  readonly files: FileDirectory;
  readonly accountHosts: Readonly<Record<string, AccountHost>>;
  readonly newLicenseKey: () => string;
}

/** What each method does and how it is taken back. Every step may be repeated and answers as it did the first time. */
export function createDeliveryEffects(deps: DeliveryEffectsDeps) {
  const { licenses, pools, grants, files, newLicenseKey } = deps;

  const accountHost = (id: string): AccountHost =>
    deps.accountHosts[id] ?? fail('delivery.account_host_unknown', `there is no account host "${id}"`);

  async function fileExists(name: string): Promise<boolean> {
    try {
      await files.requireFile(name);
      return true;
    } catch (error) {
      if (isFailure(error, 'catalog.file_unknown')) return false;
      throw error;
    }
  }

  async function giveLicenses(record: DeliveryRecord, pool: string | null, at: string): Promise<Settlement> {
    if (pool === null) {
      return {
        status: 'delivered',
        details: { method: 'license', keys: await licenses.issue(record, newLicenseKey, at) },
      };
    }
    const taken = await pools.take(pool, record.id, record.quantity);
    if (taken === null) return { status: 'impossible', reason: 'license_pool_empty' };
    const keyOf = (index: number): string =>
      taken[index] ?? fail('internal.unexpected', `delivery ${record.id} took no key for unit ${index}`);
    return { status: 'delivered', details: { method: 'license', keys: await licenses.issue(record, keyOf, at) } };
  }

  async function activateAccount(
    record: DeliveryRecord,
    { host, plan }: { readonly host: string; readonly plan: string },
    email: string,
  ): Promise<Settlement> {
    try {
      const account = await accountHost(host).activate({ key: record.id, email, plan, seats: record.quantity });
      return { status: 'delivered', details: { method: 'account', ...account } };
    } catch (error) {
      if (isFailure(error, 'delivery.account_refused')) return { status: 'impossible', reason: 'account_refused' };
      throw error;
    }
  }

  return {
    /** @throws delivery.account_host_unavailable (retry), delivery.account_host_unknown, delivery.method_not_served */
    async apply(record: DeliveryRecord, customerEmail: string, at: string): Promise<Settlement> {
      const { spec } = record;
      switch (spec.method) {
        case 'license':
          return giveLicenses(record, spec.pool, at);
        case 'download':
          if (!(await fileExists(spec.file))) return { status: 'impossible', reason: 'file_missing' };
          await grants.open(record, spec.file);
          return { status: 'delivered', details: { method: 'download', file: spec.file } };
        case 'attachment':
          // The mail of the delivery carries the file; the record says which.
          if (!(await fileExists(spec.file))) return { status: 'impossible', reason: 'file_missing' };
          return { status: 'delivered', details: { method: 'attachment', file: spec.file } };
        case 'account':
          return activateAccount(record, spec, customerEmail);
        case 'parcel':
          return fail('delivery.method_not_served', 'parcels are not sent by the delivery service');
        default:
          return assertNever(spec);
      }
    },

    /**
     * Leaves the customer this much of a delivery that stands. Units are taken back from the last, so that a key stays
     * with its unit; downloads are asked for when they are used. Repeatable.
     * @throws delivery.account_host_unavailable (retry)
     */
    async adjust(record: DeliveryRecord, access: { readonly state: 'active' | 'suspended'; readonly units: number }) {
      const { id, spec } = record;
      switch (spec.method) {
        case 'license':
          return licenses.revoke(id, access.units);
        case 'account':
          return accountHost(spec.host).adjust({ key: id, seats: access.units, state: access.state });
        case 'download':
        case 'attachment':
        case 'parcel':
          return undefined;
        default:
          return assertNever(spec);
      }
    },

    /** A no-op when nothing happened. What never reached the customer goes back to where it came from. */
    async undo(record: DeliveryRecord): Promise<void> {
      const { id, spec } = record;
      switch (spec.method) {
        case 'license':
          if (record.deliveredAt !== null) return licenses.revoke(id, 0);
          await licenses.discard(id);
          return pools.giveBack(id);
        case 'download':
          return grants.revoke(id);
        case 'account':
          return accountHost(spec.host).deactivate({ key: id });
        case 'attachment':
        case 'parcel':
          return;
        default:
          return assertNever(spec);
      }
    },
  };
}

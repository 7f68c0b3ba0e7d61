import { deliveryCapabilities } from '../../domain/delivery/delivery.ts';
import type { DeliveryRecord } from '../../domain/delivery/delivery.ts';
import { accessAt } from '../../domain/entitlement/entitlement.ts';
import type { Access, AccessChange, AccessReason } from '../../domain/entitlement/entitlement.ts';
import { fail } from '../../domain/failures.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { AccessChangeDocument, AccessChangeStore } from './access-change-store.ts';
import type { DeliveryEffects } from './delivery-effects.ts';
import type { DeliveryDocument, DeliveryStore } from './delivery-store.ts';

/** What an access change follows from. */
export interface AccessCause {
  readonly orderId: OrderId;
  readonly line: string;
  /** Business key of the cause; the same again changes nothing. A suspension is lifted under its own. */
  readonly fact: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

export interface DeliveryAccessDeps {
  readonly store: DeliveryStore;
  readonly changes: AccessChangeStore;
  readonly effects: DeliveryEffects;
}

/**
 * Access follows recorded facts. A licence and a download ask for it whenever they are used; what a partner holds is
 * brought into line afterwards, as often as it takes.
 */
export function createDeliveryAccess({ store, changes, effects }: DeliveryAccessDeps) {
  async function change({ orderId, line, fact, at }: AccessCause, what: AccessChange): Promise<void> {
    if (fact === '') fail('request.invalid', 'fact: an access change needs the key of its cause');
    await changes.record({ orderId, line, at }, what);
    await follow(orderId, line, at);
  }

  /**
   * Brings what was given into line with the facts. Two at once may overtake each other at the partner, so each looks
   * again afterwards and goes on until nothing new was recorded.
   */
  async function follow(orderId: string, line: string, at: string): Promise<void> {
    for (let followed = -1; ;) {
      const known = await changes.ofLine(orderId, line);
      if (known.length === followed) return;
      const records = await store.ofLine(orderId, line);
      // What is ours is stopped first: a partner who is away must not keep a licence or a download alive.
      records.sort((a, b) => partnerRank(a) - partnerRank(b));
      for (const record of records) await bringIntoLine(record, accessOf(record, known), at);
      followed = known.length;
    }
  }

  async function bringIntoLine(record: DeliveryDocument, access: Access, at: string): Promise<void> {
    switch (access.state) {
      case 'revoked':
        return takeBack(record, at);
      case 'active':
      case 'suspended':
        // One that is under way brings itself into line when it is done.
        if (record.status === 'delivered') await effects.adjust(record, access);
        return undefined;
      case 'none':
        return undefined;
    }
  }

  async function takeBack(record: DeliveryDocument, at: string): Promise<void> {
    const revoked = await store.startRevocation(record);
    if (revoked.status !== 'revoked' || revoked.revokedAt !== null) return;
    await effects.undo(revoked);
    await store.settleRevocation(revoked.id, at);
  }

  return {
    follow,
    takeBack,

    /** What the facts that are recorded now leave of a delivery. */
    accessTo: async (record: DeliveryRecord): Promise<Access> =>
      accessOf(record, await changes.ofLine(record.orderId, record.line)),

    /** The same of many deliveries, with one query. */
    async accessToAll(records: readonly DeliveryRecord[]): Promise<readonly Access[]> {
      if (records.length === 0) return [];
      const known = await changes.ofOrders([...new Set(records.map(({ orderId }) => orderId))]);
      return records.map((record) =>
        accessOf(
          record,
          known.filter(({ orderId, line }) => orderId === record.orderId && line === record.line),
        ),
      );
    },

    /**
     * For good: `quantity` units of the line, or all of them (null), those not delivered yet too. What cannot be taken
     * back (a file that was mailed) stays. @throws delivery.account_host_unavailable (retry)
     */
    revoke: (cause: AccessCause & { readonly quantity: number | null; readonly reason: AccessReason }): Promise<void> =>
      change(cause, { kind: 'revoked', fact: cause.fact, units: cause.quantity, reason: cause.reason }),

    /** Until `restore` is called with the same fact. @throws delivery.account_host_unavailable (retry) */
    suspend: (cause: AccessCause & { readonly reason: AccessReason }): Promise<void> =>
      change(cause, { kind: 'suspended', fact: cause.fact, reason: cause.reason }),

    /**
     * Lifts the suspension of this fact. Keys, counts and accounts are those of before; what was revoked meanwhile stays
     * revoked. @throws delivery.account_host_unavailable (retry)
     */
    restore: (cause: AccessCause): Promise<void> => change(cause, { kind: 'restored', fact: cause.fact }),
  };
}

/** A delivery is a grant of all its units; one that ended without being given, or was taken back, gives none. */
function accessOf(record: DeliveryRecord, changes: readonly AccessChangeDocument[]): Access {
  if (record.status === 'revoked') return { state: 'revoked' };
  if (record.status === 'impossible') return { state: 'none' };
  return accessAt([{ fact: record.id, units: record.quantity }], changes);
}

function partnerRank({ method }: DeliveryRecord): number {
  return deliveryCapabilities[method].partner ? 1 : 0;
}

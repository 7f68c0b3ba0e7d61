import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import { parseAccount } from '../../domain/ledger/chart-of-accounts.ts';
import type { AccountKind } from '../../domain/ledger/chart-of-accounts.ts';
import type { JournalEntryKind } from '../../domain/ledger/journal-entry.ts';
import { sum } from '../../domain/money/money.ts';
import { bookedDeferred } from '../../domain/revenue/recognition-posting.ts';
import { startOfDay } from '../../domain/time/calendar-date.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { RecognitionScheduleDocument, RecognitionScheduleStore } from './recognition-schedule-store.ts';

/**
 * Deferred revenue of a seller from one date to another, minor units, what we owe positive: opening + deferred −
 * recognised − refunded − disputed + other = closing.
 */
export interface RevenueSummary {
  readonly seller: string;
  readonly currency: string;
  readonly opening: number;
  /** Sold in the period and to be earned over time. */
  readonly deferred: number;
  readonly recognised: number;
  /** Given back before it was earned. */
  readonly refunded: number;
  readonly disputed: number;
  /** Reversals of entries. */
  readonly other: number;
  readonly closing: number;
  /** Sold in the period and earned at once. */
  readonly earnedAtSale: number;
}

/** A difference between what schedules say is deferred and what the ledger holds. */
export interface DeferredDifference {
  readonly seller: string;
  readonly currency: string;
  readonly schedules: number;
  readonly ledger: number;
}

export type RevenueReport = ReturnType<typeof createRevenueReport>;

/** Reads the journal for people, and compares it with the schedules. */
export function createRevenueReport({
  store,
  ledger,
}: {
  readonly store: Pick<RecognitionScheduleStore, 'all'>;
  readonly ledger: Pick<LedgerService, 'balances' | 'movements'>;
}) {
  async function deferredBefore(at: string): Promise<ReadonlyMap<string, number>> {
    const balances = await ledger.balances({ account: 'deferred_revenue', before: at });
    return new Map(balances.map(({ account, currency, balance }) => [keyOf(account, currency), 0 - balance]));
  }

  return {
    /**
     * Per seller and currency, sorted. Dates are YYYY-MM-DD in the zone of the legal entity, `to` not included.
     * @param at now, ISO 8601 UTC: whose books they are
     * @throws time.date_invalid
     */
    async summary({ from, to, at }: { readonly from: string; readonly to: string; readonly at: string }) {
      const { timeZone } = legalEntityAt(at);
      const [start, end] = [startOfDay(from, timeZone), startOfDay(to, timeZone)];
      const accounts: readonly AccountKind[] = ['deferred_revenue', 'revenue', 'refunds', 'chargebacks'];
      const [opening, closing, movements] = await Promise.all([
        deferredBefore(start),
        deferredBefore(end),
        ledger.movements({ accounts, from: start, to: end }),
      ]);
      const credited = (key: string, account: AccountKind, kind: JournalEntryKind): number =>
        0 -
        sum(
          movements
            .filter((one) => one.kind === kind && kindOf(one.account) === account)
            .filter((one) => keyOf(one.account, one.currency) === key)
            .map(({ amount }) => amount),
        );
      const keys = new Set([
        ...opening.keys(),
        ...closing.keys(),
        ...movements.map(({ account, currency }) => keyOf(account, currency)),
      ]);
      return [...keys].sort().map((key): RevenueSummary => {
        const [seller = '', currency = ''] = key.split(' ');
        const known = {
          opening: opening.get(key) ?? 0,
          deferred: credited(key, 'deferred_revenue', 'sale'),
          recognised: credited(key, 'revenue', 'recognition'),
          refunded: credited(key, 'refunds', 'recognition'),
          disputed: credited(key, 'chargebacks', 'recognition'),
          closing: closing.get(key) ?? 0,
        };
        const explained = known.opening + known.deferred - known.recognised - known.refunded - known.disputed;
        const earnedAtSale = credited(key, 'revenue', 'sale');
        return { seller, currency, ...known, other: known.closing - explained, earnedAtSale };
      });
    },

    /**
     * Whether the account deferred revenue is the sum of what schedules have not released. Postings on their way count as
     * not made; a sale or posting that happens meanwhile may show as a difference, which the next look does not find.
     */
    async verify(): Promise<{ readonly schedules: number; readonly differences: readonly DeferredDifference[] }> {
      const said = new Map<string, number>();
      let schedules = 0;
      for await (const schedule of store.all()) {
        schedules += 1;
        const key = `${schedule.sellerId} ${schedule.currency}`;
        said.set(key, (said.get(key) ?? 0) + deferredOf(schedule));
      }
      const balances = await ledger.balances({ account: 'deferred_revenue' });
      const held = new Map(balances.map((one) => [keyOf(one.account, one.currency), 0 - one.balance]));
      const differences = [...new Set([...said.keys(), ...held.keys()])].sort().flatMap((key) => {
        const [seller = '', currency = ''] = key.split(' ');
        const difference = { seller, currency, schedules: said.get(key) ?? 0, ledger: held.get(key) ?? 0 };
        return difference.schedules === difference.ledger ? [] : [difference];
      });
      return { schedules, differences };
    },
  };
}

function deferredOf(schedule: RecognitionScheduleDocument): number {
  const booked = bookedDeferred(schedule, schedule.booked);
  if (schedule.pending === null) return booked;
  const { recognised, refunded, disputed } = schedule.pending.posting;
  return sum([booked, recognised, refunded, disputed]);
}

function kindOf(account: string): AccountKind | null {
  return parseAccount(account)?.kind ?? null;
}

/** Sellers' ids and currencies hold no spaces. */
function keyOf(account: string, currency: string): string {
  return `${parseAccount(account)?.owner ?? ''} ${currency}`;
}

import type { Db } from 'mongodb';
import { fail } from '../../domain/failures.ts';
import { billableQuantity } from '../../domain/usage/meter.ts';
import type { Meter, UsageAggregation } from '../../domain/usage/meter.ts';
import type { UsageToBill } from '../../domain/usage/usage-charge.ts';
import { usagePeriodAt } from '../../domain/usage/usage-window.ts';
import type { UsageTerms } from '../../domain/usage/usage-window.ts';
import { createMeterStore, metersCollection } from './meter-store.ts';
import type { MeterStore } from './meter-store.ts';
import { createUsageAlertStore, usageAlertsCollection } from './usage-alert-store.ts';
import type { UsageAlert, UsageAlertStore } from './usage-alert-store.ts';
import { createUsageAlerts } from './usage-alerts.ts';
import { createUsageEventStore, usageEventsCollection } from './usage-store.ts';
import type { UsageEventStore } from './usage-store.ts';
import { createUsageRecorder } from './usage-recorder.ts';
import type { RecordedUsage } from './usage-recorder.ts';
import type { MeterInput, UsageEntry } from './usage-schemas.ts';
import { createUsageStatementStore, usageStatementsCollection } from './usage-statement-store.ts';
import type { StatedUsage, UsageStatementStore } from './usage-statement-store.ts';
import type { UsageSubscriptions } from './usage-subscriptions.ts';

export const usageCollections = [
  metersCollection,
  usageEventsCollection,
  usageStatementsCollection,
  usageAlertsCollection,
] as const;

/** An item that is billed by a meter, at the terms that were agreed for a period. */
type MeteredItem = Pick<UsageToBill, 'item' | 'meter' | 'price' | 'scheme'>;

/** What was used of one meter in one period, so far. */
export interface MeterUsage {
  readonly meter: string;
  readonly aggregation: UsageAggregation;
  readonly unit: string | null;
  readonly quantity: number;
  /** Up to the cap: what would be billed by now. */
  readonly billable: number;
  readonly events: number;
  readonly thresholds: readonly number[];
  readonly cap: number | null;
  /** Thresholds and cap that were reached, and when it was noticed. */
  readonly alerts: readonly { readonly level: number; readonly at: string }[];
}

export interface SubscriptionUsage {
  readonly subscription: string;
  readonly period: { readonly start: string; readonly end: string };
  readonly meters: readonly MeterUsage[];
}

export interface UsageService {
  /**
   * Creates a meter, or changes what it tells and caps. Meters that are never described are plain sums.
   * @throws usage.meter_fixed when it has another aggregation
   */
  putMeter(id: string, input: MeterInput): Promise<Meter>;
  /**
   * Records events and corrections, each once by its id. An entry that cannot be taken does not stop the others.
   * @param now ISO 8601 UTC
   */
  record(entries: readonly UsageEntry[], now: string): Promise<RecordedUsage>;
  /** Usage of the billing period that holds a moment, or of the trial. @throws usage.subscription_unknown */
  usageAt(subscriptionId: string, at: string): Promise<SubscriptionUsage>;
  /** What was used of a meter from one moment until before another, ISO 8601 UTC with milliseconds: for allowances. */
  usedBetween(
    subscriptionId: string,
    meter: string,
    span: { readonly start: string; readonly end: string },
  ): Promise<number>;
  /**
   * What the invoice at the end of a period bills: what was used in it, and what came late for the period before. Fixed
   * by the first call, so a repeat after a crash bills the same; what comes later is in the next statement. To be asked
   * `usageGraceMs` after the end. Lines without anything to bill are left out. `chargedUsage` prices them; what a
   * correction left over of the period before, `billedTooMuch`.
   * @param statement.items the metered items of the period, with the price that they had in it
   */
  bill(statement: {
    readonly subscriptionId: string;
    readonly period: { readonly start: string; readonly end: string };
    readonly items: readonly MeteredItem[];
    readonly at: string;
  }): Promise<readonly UsageToBill[]>;
}

export interface UsageServiceDeps {
  readonly db: Db;
  readonly subscriptions: UsageSubscriptions;
  /** Tells the customer; called again when it failed, so it must bear repeats. */
  readonly tell: (alert: UsageAlert) => Promise<void>;
}

interface Stores {
  readonly events: UsageEventStore;
  readonly meters: MeterStore;
  readonly statements: UsageStatementStore;
  readonly alerts: UsageAlertStore;
}

export function createUsageService({ db, subscriptions, tell }: UsageServiceDeps): UsageService {
  const stores: Stores = {
    events: createUsageEventStore(db),
    meters: createMeterStore(db),
    statements: createUsageStatementStore(db),
    alerts: createUsageAlertStore(db),
  };
  const alerts = createUsageAlerts({ events: stores.events, alerts: stores.alerts, tell });
  const recorder = createUsageRecorder({ ...stores, subscriptions, alerts });

  return {
    async putMeter(id, input) {
      const meter = { id, ...input };
      if (await stores.meters.put(meter)) return meter;
      return fail('usage.meter_fixed', `meter "${id}" counts in another way already; make another meter`, [
        { path: 'aggregation', message: 'cannot be changed' },
      ]);
    },

    record: (entries, now) => recorder.record(entries, now),

    async usageAt(subscriptionId, at) {
      const [terms] = await subscriptions.usageTerms([subscriptionId]);
      if (terms === undefined) fail('usage.subscription_unknown', `there is no subscription "${subscriptionId}"`);
      return usageOf(stores, terms, at);
    },

    async usedBetween(subscription, meter, period) {
      const { aggregation } = meterOf(await stores.meters.findOrWriteDown([meter]), meter);
      return (await stores.events.total({ subscription, meter, aggregation, period })).quantity;
    },

    async bill({ subscriptionId, period, items, at }) {
      const id = `${subscriptionId}/${period.start}`;
      const known = await stores.statements.find(id);
      const statement =
        known ??
        (await stores.statements.writeOnce({
          _id: id,
          subscription: subscriptionId,
          period,
          lines: await linesOf(stores, { subscriptionId, period, items }),
          statedAt: at,
        }));
      return statement.lines
        .filter(({ quantity, billedBefore }) => quantity !== billedBefore)
        .flatMap((line) => withTerms(line, items));
    },
  };
}

async function usageOf({ events, meters, alerts }: Stores, terms: UsageTerms, at: string): Promise<SubscriptionUsage> {
  const { subscription } = terms;
  const period = usagePeriodAt(terms, at);
  const described = await meters.findOrWriteDown(terms.meters);
  const told = await alerts.ofPeriod(subscription, period.start);
  const usages = terms.meters.map(async (meter): Promise<MeterUsage> => {
    const { aggregation, unit, thresholds, cap } = meterOf(described, meter);
    const { quantity, events: count } = await events.total({ subscription, meter, aggregation, period });
    return {
      ...{ meter, aggregation, unit, quantity, thresholds, cap },
      billable: billableQuantity({ cap }, quantity),
      events: count,
      alerts: told.filter((alert) => alert.meter === meter).map(({ level, at: noticed }) => ({ level, at: noticed })),
    };
  });
  return { subscription, period, meters: await Promise.all(usages) };
}

/** The period's own lines, and those of the statement before whose quantity has changed since. */
async function linesOf(
  { events, meters, statements }: Stores,
  { subscriptionId: subscription, period, items }: Omit<Parameters<UsageService['bill']>[0], 'at'>,
): Promise<StatedUsage[]> {
  const before = await statements.endingAt(subscription, period.start);
  const earlier = (before?.lines ?? []).filter((line) => line.period.end === period.start);
  const lines = [
    ...earlier.map(({ quantity, ...line }) => ({ ...line, billedBefore: quantity })),
    ...items.map((item) => ({ ...item, period, billedBefore: 0 })),
  ];
  const described = await meters.findOrWriteDown([...new Set(lines.map(({ meter }) => meter))]);
  return Promise.all(
    lines.map(async (line) => {
      const { aggregation, cap } = meterOf(described, line.meter);
      const { quantity } = await events.total({ subscription, meter: line.meter, aggregation, period: line.period });
      return { ...line, quantity: billableQuantity({ cap }, quantity) };
    }),
  );
}

/** Where a statement does not say it yet, the item that the meter counts for now. */
function withTerms(line: StatedUsage, items: readonly MeteredItem[]): UsageToBill[] {
  const current = items.find(({ meter }) => meter === line.meter);
  const item = line.item ?? current?.item;
  const scheme = line.scheme ?? current?.scheme;
  return item === undefined || scheme === undefined ? [] : [{ ...line, item, scheme }];
}

function meterOf(described: ReadonlyMap<string, Meter>, id: string): Meter {
  return described.get(id) ?? fail('internal.unexpected', `meter "${id}" was not written down`);
}

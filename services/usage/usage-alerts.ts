import { reachedLevels } from '../../domain/usage/meter.ts';
import type { Meter } from '../../domain/usage/meter.ts';
import type { UsageAlert, UsageAlertStore } from './usage-alert-store.ts';
import type { UsageEventStore } from './usage-store.ts';

/** One meter of one subscription in one period, after events of it were recorded. */
export interface MeteredPeriod {
  readonly subscription: string;
  readonly meter: Meter;
  readonly period: { readonly start: string; readonly end: string };
}

export type UsageAlerts = ReturnType<typeof createUsageAlerts>;

/** Notices that usage reached a threshold or the cap, and tells it once. */
export function createUsageAlerts({
  events,
  alerts,
  tell,
}: {
  readonly events: UsageEventStore;
  readonly alerts: UsageAlertStore;
  readonly tell: (alert: UsageAlert) => Promise<void>;
}) {
  return {
    /** Costs nothing for meters without thresholds and cap. Answers what was told now. */
    async notice({ subscription, meter, period }: MeteredPeriod, at: string): Promise<readonly UsageAlert[]> {
      if (meter.thresholds.length === 0 && meter.cap === null) return [];
      const { quantity } = await events.total({
        subscription,
        meter: meter.id,
        aggregation: meter.aggregation,
        period,
      });
      const reached = reachedLevels(meter, quantity);
      const untold = await alerts.raise(
        reached.map((level) => ({ subscription, meter: meter.id, period, level, quantity, at })),
      );
      for (const alert of untold) {
        await tell(alert);
        await alerts.markTold(alert);
      }
      return untold;
    },
  };
}

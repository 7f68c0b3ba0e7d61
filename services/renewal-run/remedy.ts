/** How it stands with the workflow of a subscription, as Temporal says. */
export interface WorkflowHealth {
  readonly running: boolean;
  /** When it says that it acts next, ISO 8601 UTC; null: it does not say. */
  readonly wakesAt: string | null;
  /** A step or a task of it is under way, or waits for a worker. */
  readonly busy: boolean;
  /** Its code fails again and again: it will not go on by itself. */
  readonly failing: boolean;
}

/** `nudge`: it looks at its record again. `replace`: ended, and started anew from its record. */
export type Remedy = 'none' | 'start' | 'nudge' | 'replace';

/** A wave takes this long to drain before a renewal counts as late. */
export const lateAfterMs = 10 * 60_000;

/** Two runs have passed since, and the first of them nudged it. */
const hopelessAfterMs = 2 * 60 * 60_000;

/** What has to be done so that a subscription acts at `dueAt`. Everything here may be repeated: its steps are unique by record. */
export function remedyFor({
  health,
  dueAt,
  at,
}: {
  readonly health: WorkflowHealth;
  readonly dueAt: string;
  readonly at: string;
}): Remedy {
  if (!health.running) return 'start';
  if (health.failing) return 'replace';
  if (health.busy) return 'none';
  const overdueMs = Date.parse(at) - Date.parse(dueAt);
  if (overdueMs > hopelessAfterMs) return 'replace';
  if (overdueMs > lateAfterMs) return 'nudge';
  const oversleepsMs = health.wakesAt === null ? Infinity : Date.parse(health.wakesAt) - Date.parse(dueAt);
  return oversleepsMs > lateAfterMs ? 'nudge' : 'none';
}

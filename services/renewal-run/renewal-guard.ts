import type { Subscription } from '../../domain/subscription/subscription.ts';
import { inLanes } from '../concurrency/in-lanes.ts';
import type { DuePlace, SubscriptionStore } from '../subscription/subscription-store.ts';
import type { CommandRedelivery } from './command-redelivery.ts';
import { lateAfterMs, remedyFor } from './remedy.ts';
import type { Remedy, WorkflowHealth } from './remedy.ts';
import type { RenewalFigureReader } from './renewal-figures.ts';
import type { RenewalRun, RenewalRunStore, RenewalTally } from './renewal-run-store.ts';

/** The workflows of subscriptions, by the id of the subscription. */
export interface SubscriptionWorkflows {
  health(subscriptionId: string): Promise<WorkflowHealth>;
  /** Leaves one that runs as it is. */
  start(subscription: Subscription): Promise<void>;
  /** Has it look at its record, and starts it when it does not run. */
  nudge(subscription: Subscription): Promise<void>;
  /** Ends the one that runs and starts another from the record. */
  replace(subscription: Subscription): Promise<void>;
}

export interface GuardPage {
  readonly tally: RenewalTally;
  /** Where the next page begins; null: that was the last one. */
  readonly next: DuePlace | null;
}

export interface RenewalGuardDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'due'>;
  readonly workflows: SubscriptionWorkflows;
  readonly redeliver: CommandRedelivery;
  readonly figures: RenewalFigureReader;
  readonly runs: RenewalRunStore;
}

const examplesShown = 20;
const dayMs = 24 * 60 * 60_000;

export type RenewalGuard = ReturnType<typeof createRenewalGuard>;

const noCommands = { redelivered: 0, unreachable: 0 };

/**
 * Proves of every subscription that is due that its workflow will act in time, has commands run that nobody sent, and
 * reports. Never touches money itself.
 */
export function createRenewalGuard({ subscriptions, workflows, redeliver, figures, runs }: RenewalGuardDeps) {
  async function help(subscription: Subscription, at: string): Promise<Remedy | 'unreachable'> {
    const dueAt = subscription.nextActionAt ?? at;
    try {
      const remedy = remedyFor({ health: await workflows.health(subscription.id), dueAt, at });
      if (remedy !== 'none') await workflows[remedy](subscription);
      return remedy;
    } catch {
      // Seen again by the next run; the others must not wait for it.
      return 'unreachable';
    }
  }

  return {
    /**
     * One page of those that have to act before `horizon`, the longest overdue first; with the first page, as many
     * commands that have no answer. Times are ISO 8601 UTC.
     */
    async guardPage(request: {
      readonly at: string;
      readonly horizon: string;
      readonly after: DuePlace | null;
      readonly limit: number;
    }): Promise<GuardPage> {
      const { at, horizon, after, limit } = request;
      const commands = after === null ? await redeliver({ at, limit }) : noCommands;
      const page = await subscriptions.due({ until: horizon, after, limit });
      const remedies = await inLanes(page, (subscription) => help(subscription, at));
      const last = page.at(-1);
      const next =
        page.length < limit || last?.nextActionAt == null ? null : { nextActionAt: last.nextActionAt, id: last.id };
      const seen = tallyOf(page, remedies, at);
      const { redelivered, unreachable } = commands;
      return { tally: { ...seen, redelivered, unreachable: seen.unreachable + unreachable }, next };
    },

    /** Writes the report of a run; a repeat finds the first one. */
    async close({
      at,
      tally,
      endedAt,
    }: {
      readonly at: string;
      readonly tally: RenewalTally;
      readonly endedAt: string;
    }) {
      const [before] = await runs.list({ before: at, limit: 1 });
      const from = before?.to ?? new Date(Date.parse(at) - 60 * 60_000).toISOString();
      const tomorrow = new Date(Date.parse(at) + dayMs).toISOString().slice(0, 10);
      const [sums, forecast] = await Promise.all([figures.between(from, at), figures.forecast(tomorrow)]);
      const mended = tally.started + tally.nudged + tally.replaced;
      return runs.insert({ _id: at, from, to: at, endedAt, tally, mended, figures: sums, forecast });
    },

    list: (query: { readonly before: string | null; readonly limit: number }): Promise<RenewalRun[]> =>
      runs.list(query),
  };
}

function tallyOf(
  page: readonly Subscription[],
  remedies: readonly (Remedy | 'unreachable')[],
  at: string,
): Omit<RenewalTally, 'redelivered'> {
  const found = page.map(({ id, nextActionAt }, index) => {
    const dueAt = nextActionAt ?? at;
    const late = Date.parse(at) - Date.parse(dueAt) > lateAfterMs;
    return { subscription: id, dueAt, remedy: remedies[index] ?? 'none', late };
  });
  const numberOf = (remedy: Remedy | 'unreachable'): number => found.filter((one) => one.remedy === remedy).length;
  const noted = found.filter(({ late, remedy }) => late || remedy !== 'none').slice(0, examplesShown);
  return {
    due: page.length,
    late: found.filter(({ late }) => late).length,
    started: numberOf('start'),
    nudged: numberOf('nudge'),
    replaced: numberOf('replace'),
    unreachable: numberOf('unreachable'),
    examples: noted.map(({ subscription, dueAt, remedy }) => ({ subscription, dueAt, remedy })),
  };
}

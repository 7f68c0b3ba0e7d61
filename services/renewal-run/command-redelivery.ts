import type { Subscription } from '../../domain/subscription/subscription.ts';
import { inLanes } from '../concurrency/in-lanes.ts';
import type { CommandDocument, CommandStore } from '../subscription/command-store.ts';
import type { SubscriptionStore } from '../subscription/subscription-store.ts';

/** Tells a subscription's workflow of a recorded command, and starts it when it does not run. */
export type TellCommand = (subscription: Subscription, commandId: string) => Promise<void>;

export interface Redelivered {
  readonly redelivered: number;
  /** Those that could not be told this time. */
  readonly unreachable: number;
}

export type CommandRedelivery = ReturnType<typeof createCommandRedelivery>;

/** Longer than a command may take (retry class `command`): until then its sender waits for the answer. */
const senderWaitsMs = 2 * 60_000;

/** Commands whose sender died between writing them down and sending them, or before the answer was written down. */
export function createCommandRedelivery({
  commands,
  subscriptions,
  tell,
}: {
  readonly commands: Pick<CommandStore, 'unanswered'>;
  readonly subscriptions: Pick<SubscriptionStore, 'byIds'>;
  readonly tell: TellCommand;
}) {
  /** In the order in which they were asked for: what follows one that could not be told waits for the next run. */
  async function tellAll(subscription: Subscription, waiting: readonly CommandDocument[]): Promise<number> {
    let told = 0;
    try {
      for (const { _id } of waiting) {
        await tell(subscription, _id);
        told += 1;
      }
    } catch {
      // Temporal is away; the other subscriptions must not wait for it.
    }
    return told;
  }

  /**
   * Tells the workflows of commands without an answer again, the oldest `limit` of them. Repeatable: a workflow leaves
   * out what it has had, and the record gives the first answer. A subscription that has ended is started once more, only
   * to write down its refusal.
   * @param request.at ISO 8601 UTC
   */
  return async function redeliver({
    at,
    limit,
  }: {
    readonly at: string;
    readonly limit: number;
  }): Promise<Redelivered> {
    const before = new Date(Date.parse(at) - senderWaitsMs).toISOString();
    const waiting = await commands.unanswered({ before, limit });
    const known = await subscriptions.byIds([...new Set(waiting.map(({ subscription }) => subscription))]);
    const told = await inLanes(known, (subscription) =>
      tellAll(
        subscription,
        waiting.filter((one) => one.subscription === subscription.id),
      ),
    );
    const redelivered = told.reduce((total, one) => total + one, 0);
    return { redelivered, unreachable: waiting.length - redelivered };
  };
}

import { afterAll, beforeAll } from '@jest/globals';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { Activities } from '../../activities/index.ts';
import type {
  AgendaReason,
  CommandAnswer,
  SubscriptionAgenda,
} from '../../services/subscription/subscription-steps.ts';
import { subscriptionWorkflow } from '../../workflows/index.ts';
import { subscriptionStart } from '../../workflows/subscription/subscription-start.contract.ts';
import { subscriptionStateQuery } from '../../workflows/subscription/subscription.contract.ts';
import type { SubscriptionState } from '../../workflows/subscription/subscription.contract.ts';
import { openTimeSkipping } from './time-skipping.ts';
import type { TimeSkipping } from './time-skipping.ts';

export type SubscriptionHandle = WorkflowHandleWithFirstExecutionRunId<typeof subscriptionWorkflow>;
export type Played = Partial<Activities>;

/** What the service would decide: the agenda that every step answers with, and what was asked for. */
export interface Book {
  agenda: SubscriptionAgenda;
  readonly journal: string[];
}

export const done: CommandAnswer = { kind: 'done', order: null };
export const dayMs = 24 * 60 * 60_000;

export function due(
  step: 'act' | 'collect',
  reason: AgendaReason,
  wakeAt: string | null,
  period: number,
): SubscriptionAgenda {
  return { status: 'active', wakeAt, step, reason, period, tell: null };
}

export const later = (at: string | null, ms: number): string => new Date(Date.parse(at ?? '') + ms).toISOString();

/** Activities over a book: every 30 days a period is collected, and after the last one it expires. */
export function activitiesOf(of: Book, last: number, overrides: Played = {}): Played {
  return {
    readSubscriptionAgenda: async () => {
      of.journal.push('look');
      return of.agenda;
    },
    collectSubscription: async ({ at }) => {
      const period = of.agenda.period + 1;
      of.journal.push(`collect:${period}`);
      if (Date.parse(at) < Date.parse(of.agenda.wakeAt ?? '')) of.journal.push('too early');
      of.agenda =
        period === last
          ? { ...due('act', 'look_up', null, period), status: 'expired' }
          : due('collect', 'renew', later(of.agenda.wakeAt, 30 * dayMs), period);
      return { ...of.agenda, tell: `ord_${period}` };
    },
    actOnSubscription: async () => {
      of.journal.push('act');
      return of.agenda;
    },
    runSubscriptionCommand: async ({ commandId }) => {
      of.journal.push(`command:${commandId}`);
      return { answer: done, agenda: of.agenda };
    },
    sendMessages: async ({ orderId }) => {
      of.journal.push(`tell:${orderId}`);
    },
    ...overrides,
  };
}

type Collect = Activities['collectSubscription'];

export const collectOf = (activities: Played): Collect =>
  activities.collectSubscription ?? (() => Promise.reject(new Error('nothing collects')));

/** Plays subscriptions on a time-skipping server of the test file, opened before its first test. */
export function subscriptionPlays() {
  let opened: TimeSkipping | null = null;
  let subscriptions = 0;
  beforeAll(async () => {
    opened = await openTimeSkipping();
  });
  afterAll(async () => opened?.close());

  const temporal = (): TimeSkipping => {
    if (opened === null) throw new Error('the server was not opened');
    return opened;
  };
  const inDays = async (days: number): Promise<string> =>
    new Date((await temporal().env.currentTimeMs()) + days * dayMs).toISOString();

  return {
    temporal,
    inDays,

    /** A subscription that renews every 30 days from now. */
    book: async (): Promise<Book> => ({ agenda: due('collect', 'renew', await inDays(30), 0), journal: [] }),

    play: async <Result>(
      activities: Played,
      during: (handle: SubscriptionHandle) => Promise<Result>,
    ): Promise<Result> => {
      subscriptions += 1;
      const start = subscriptionStart({
        ...{ id: `sub_${subscriptions}`, status: 'active', currency: 'EUR' },
        nextActionAt: await inDays(30),
      });
      return temporal().run(activities, async (taskQueue) =>
        during(await temporal().env.client.workflow.start(subscriptionWorkflow, { ...start, taskQueue })),
      );
    },
  };
}

/** Waits, in real time, until its state is like that. */
export async function until(
  handle: SubscriptionHandle,
  what: string,
  holds: (state: SubscriptionState) => boolean,
): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (holds(await handle.query(subscriptionStateQuery))) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`never: ${what}`);
}

export const isWaiting = (handle: SubscriptionHandle): Promise<void> =>
  until(handle, 'an agenda', ({ wakeAt }) => wakeAt !== null);

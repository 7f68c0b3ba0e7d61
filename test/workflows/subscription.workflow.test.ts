import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { temporal as proto } from '@temporalio/proto';
import { commandRecordedSignal, commandUpdate } from '../../workflows/subscription/subscription.contract.ts';
import { activitiesOf, collectOf, done, isWaiting, subscriptionPlays } from '../support/subscription-plays.ts';
import type { SubscriptionHandle } from '../support/subscription-plays.ts';

// Goal: the story of a subscription's workflow: it acts when the agenda says so, runs commands one at a time, loses no
// message when it continues as new, and stays within its budget. Method: the real bundle on the time-skipping server;
// the service's decisions are those of a small agenda that the test writes.

const { temporal, book, play } = subscriptionPlays();

type Events = proto.api.history.v1.IHistoryEvent[];

async function runsOf({ workflowId, firstExecutionRunId }: SubscriptionHandle): Promise<readonly Events[]> {
  const runs: Events[] = [];
  for (let runId: string | null | undefined = firstExecutionRunId; runId != null;) {
    const { events } = await temporal().env.client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.push(events ?? []);
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return runs;
}

/** What Temporal's price list counts: start or continue-as-new, timers, activities, messages, upserts. */
function billableActions(events: Events): number {
  const billable = events.filter(
    (event) =>
      event.workflowExecutionStartedEventAttributes != null ||
      event.timerStartedEventAttributes != null ||
      event.activityTaskScheduledEventAttributes != null ||
      event.workflowExecutionSignaledEventAttributes != null ||
      event.workflowExecutionUpdateAcceptedEventAttributes != null ||
      event.upsertWorkflowSearchAttributesEventAttributes != null ||
      event.markerRecordedEventAttributes != null,
  );
  return billable.length;
}

const bytesOf = (events: Events): number => proto.api.history.v1.History.encode({ events }).finish().byteLength;

describe('a subscription that renews', () => {
  it('acts when its agenda says so, begins a new run with each period, and ends with the last', async () => {
    const of = await book();
    await play(activitiesOf(of, 3), async (handle) => {
      expect(await handle.result()).toMatchObject({ status: 'expired' });
      expect(await runsOf(handle)).toHaveLength(3);
    });
    expect(of.journal).toEqual([
      'look',
      'collect:1',
      'tell:ord_1',
      'collect:2',
      'tell:ord_2',
      'collect:3',
      'tell:ord_3',
    ]);
  });

  it('costs at most 22 events, 4 kB and 4 billable actions per renewal', async () => {
    const of = await book();
    await play(activitiesOf(of, 4), async (handle) => {
      await handle.result();
      const [, ...renewals] = (await runsOf(handle)).slice(0, -1);
      expect(renewals).toHaveLength(2);
      for (const events of renewals) {
        expect(events.length).toBeLessThanOrEqual(22);
        expect(billableActions(events)).toBeLessThanOrEqual(4);
        expect(bytesOf(events)).toBeLessThanOrEqual(4_096);
      }
    });
  });
});

describe('commands', () => {
  it('are answered one at a time in the order in which they came, never beside a renewal', async () => {
    const of = await book();
    let busy = 0;
    let beside = false;
    const alone = async (): Promise<void> => {
      busy += 1;
      beside ||= busy > 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      busy -= 1;
    };
    const normal = activitiesOf(of, 1);
    const activities = activitiesOf(of, 1, {
      collectSubscription: async (step) => alone().then(() => collectOf(normal)(step)),
      runSubscriptionCommand: async ({ commandId }) => {
        await alone();
        of.journal.push(`command:${commandId}`);
        // The first one makes the renewal due at once.
        if (commandId === 'cmd_1') of.agenda = { ...of.agenda, wakeAt: new Date(0).toISOString() };
        return { answer: done, agenda: of.agenda };
      },
    });
    await play(activities, async (handle) => {
      await isWaiting(handle);
      const send = (commandId: string) => handle.executeUpdate(commandUpdate, { args: [{ commandId }] });
      expect(await Promise.all(['cmd_1', 'cmd_2', 'cmd_3'].map(send))).toEqual([done, done, done]);
      await handle.result();
    });
    expect(beside).toBe(false);
    expect(of.journal.filter((entry) => entry.startsWith('command:')).sort()).toEqual(
      ['cmd_1', 'cmd_2', 'cmd_3'].map((id) => `command:${id}`),
    );
    expect(of.journal.at(-2)).toBe('collect:1');
  });

  it('are run once however often they are sent, and again when they gave up', async () => {
    const of = await book();
    let calls = 0;
    const activities = activitiesOf(of, 1, {
      runSubscriptionCommand: async () => {
        calls += 1;
        if (calls === 1) throw ApplicationFailure.nonRetryable('no gateway answers', 'payment.gateway_unavailable');
        return { answer: done, agenda: of.agenda };
      },
    });
    await play(activities, async (handle) => {
      await isWaiting(handle);
      const send = () => handle.executeUpdate(commandUpdate, { args: [{ commandId: 'cmd_1' }] });
      const refused = await send().catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(WorkflowUpdateFailedError);
      expect(refused).toMatchObject({ cause: { type: 'payment.gateway_unavailable' } });
      expect(await send()).toEqual(done);
      expect(await send()).toEqual(done);
      await handle.result();
    });
    expect(calls).toBe(2);
    // After the one that gave up the record was looked at.
    expect(of.journal.filter((entry) => entry === 'look')).toHaveLength(2);
  });

  it('that are malformed are refused, and malformed signals are ignored', async () => {
    const of = await book();
    await play(activitiesOf(of, 1), async (handle) => {
      await isWaiting(handle);
      const malformed = { commandId: '' };
      await expect(handle.executeUpdate(commandUpdate, { args: [malformed] })).rejects.toThrow();
      await handle.signal(commandRecordedSignal, malformed);
      await handle.signal('commandRecorded');
      await handle.signal('nothingThatIsKnown', 1);
      expect(await handle.result()).toMatchObject({ status: 'expired' });
    });
    expect(of.journal.filter((entry) => entry.startsWith('command'))).toEqual([]);
  });
});

describe('continue-as-new', () => {
  it('loses none of 1,000 signals that come while 40 periods go by, and runs none twice', async () => {
    const of = await book();
    const periods = 40;
    const seen = new Map<string, number>();
    const signals = Array.from({ length: 1_000 }, (_, index) => `cmd_${index}`);
    const normal = activitiesOf(of, periods + 1);
    const activities = activitiesOf(of, periods + 1, {
      // Every period is over at once, until all of them are.
      collectSubscription: async (step) => {
        await collectOf(normal)(step);
        const wakeAt = of.agenda.period >= periods ? of.agenda.wakeAt : new Date(0).toISOString();
        of.agenda = { ...of.agenda, wakeAt };
        return of.agenda;
      },
      runSubscriptionCommand: async ({ commandId }) => {
        seen.set(commandId, (seen.get(commandId) ?? 0) + 1);
        // Each tenth makes a period due, so that new runs begin in the middle of the stream.
        const due = seen.size % 10 === 0 && of.agenda.period < periods;
        if (due) of.agenda = { ...of.agenda, wakeAt: new Date(0).toISOString() };
        return { answer: done, agenda: of.agenda };
      },
    });
    await play(activities, async (handle) => {
      const latest = temporal().env.client.workflow.getHandle(handle.workflowId);
      for (let from = 0; from < signals.length; from += 50)
        await Promise.all(
          signals.slice(from, from + 50).map((commandId) => latest.signal(commandRecordedSignal, { commandId })),
        );
      for (let tries = 0; seen.size < signals.length && tries < 800; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await handle.result()).toMatchObject({ status: 'expired' });
      expect((await runsOf(handle)).length).toBeGreaterThan(20);
    });
    expect(seen.size).toBe(signals.length);
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
  }, 120_000);
});

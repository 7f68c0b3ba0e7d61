import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { searchAttributes } from '../../workflows/search-attributes.ts';
import {
  commandUpdate,
  nudgeSignal,
  subscriptionPaymentChangedSignal,
  subscriptionStateQuery,
} from '../../workflows/subscription/subscription.contract.ts';
import {
  activitiesOf,
  collectOf,
  due,
  isWaiting,
  later,
  subscriptionPlays,
  until,
} from '../support/subscription-plays.ts';

// Goal: nothing but its end ends a subscription's workflow: what gives up, is away or comes to nothing is tried again at
// a time that is known, and sooner when somebody says so.

const { temporal, inDays, book, play } = subscriptionPlays();
const hourMs = 60 * 60_000;

const away = () => ApplicationFailure.nonRetryable('no gateway answers', 'payment.gateway_unavailable');

describe('a step', () => {
  it('that could not be done is done when the service says, and the period advances only then', async () => {
    const of = await book();
    const normal = activitiesOf(of, 1);
    const asked: string[] = [];
    const activities = activitiesOf(of, 1, {
      collectSubscription: async (step) => {
        asked.push(step.at);
        if (asked.length > 3) return collectOf(normal)(step);
        of.agenda = { ...due('collect', 'look_up', later(step.at, 6 * hourMs), 0), status: 'past_due' };
        return of.agenda;
      },
    });
    await play(activities, async (handle) => {
      expect(await handle.result()).toMatchObject({ status: 'expired' });
    });
    const gaps = asked.slice(1).map((at, index) => Date.parse(at) - Date.parse(asked[index] ?? ''));
    expect(gaps).toHaveLength(3);
    for (const gap of gaps) expect(Math.round(gap / hourMs)).toBe(6);
    expect(of.journal).toEqual(['look', 'collect:1', 'tell:ord_1']);
  });

  it('that gives up is shown to operators and tried again every hour', async () => {
    const of = await book();
    const normal = activitiesOf(of, 1);
    const asked: number[] = [];
    const activities = activitiesOf(of, 1, {
      collectSubscription: async (step) => {
        asked.push(Date.parse(step.at));
        if (asked.length < 4) throw away();
        return collectOf(normal)(step);
      },
    });
    await play(activities, async (handle) => {
      expect(await handle.result()).toMatchObject({ status: 'expired' });
    });
    expect(asked.slice(1).map((at, index) => Math.round((at - (asked[index] ?? 0)) / hourMs))).toEqual([1, 1, 1]);
  });

  it('after which the same is due as before is not repeated without end', async () => {
    const of = await book();
    of.agenda = due('act', 'notice', new Date(0).toISOString(), 0);
    await play(activitiesOf(of, 1), async (handle) => {
      await until(handle, 'that it is stuck', ({ attention }) => attention === 'subscription.stuck');
      expect(of.journal.filter((entry) => entry === 'act')).toHaveLength(3);
      const { typedSearchAttributes: shown } = await handle.describe();
      expect(shown.get(searchAttributes.status)).toBe('needs_attention');
      // Mended, for example by a new version of the service; somebody says so.
      of.agenda = { ...due('act', 'look_up', null, 0), status: 'cancelled' };
      await handle.signal(nudgeSignal);
      expect(await handle.result()).toMatchObject({ status: 'cancelled' });
    });
  });
});

describe('whoever looks', () => {
  it('sees status, currency and the next time to act in every run', async () => {
    const of = await book();
    const at = of.agenda.wakeAt ?? '';
    await play(activitiesOf(of, 3), async (handle) => {
      await isWaiting(handle);
      await temporal().env.sleep(31 * 24 * hourMs);
      const latest = temporal().env.client.workflow.getHandle(handle.workflowId);
      const { typedSearchAttributes: shown } = await latest.describe();
      expect(shown.get(searchAttributes.status)).toBe('active');
      expect(shown.get(searchAttributes.currency)).toBe('EUR');
      expect(shown.get(searchAttributes.dueAt)).toEqual(new Date(later(at, 30 * 24 * hourMs)));
      expect(await latest.query(subscriptionStateQuery)).toMatchObject({ period: 1, reason: 'renew', attention: null });
      await latest.terminate();
    });
  });

  it('may say that something moved: the record is looked at, and nothing else', async () => {
    const of = await book();
    await play(activitiesOf(of, 1), async (handle) => {
      await isWaiting(handle);
      for (const signal of [subscriptionPaymentChangedSignal, nudgeSignal]) {
        const looks = of.journal.length;
        await handle.signal(signal);
        for (let tries = 0; of.journal.length === looks && tries < 100; tries += 1)
          await new Promise((resolve) => setTimeout(resolve, 25));
      }
      expect(of.journal).toEqual(['look', 'look', 'look']);
      await handle.terminate();
    });
  });
});

describe('mail that cannot be sent', () => {
  it('holds up no renewal, and is sent by the run that follows', async () => {
    const of = await book();
    of.agenda = due('collect', 'renew', new Date(0).toISOString(), 0);
    const next = await inDays(30);
    let calls = 0;
    const activities = activitiesOf(of, 2, {
      collectSubscription: async () => {
        of.agenda = due('collect', 'renew', next, 1);
        return { ...of.agenda, tell: 'ord_1' };
      },
      sendMessages: async ({ orderId }) => {
        calls += 1;
        if (calls === 1) throw ApplicationFailure.nonRetryable('away', 'message.transport_unavailable');
        of.journal.push(`tell:${orderId}`);
      },
    });
    await play(activities, async (handle) => {
      const latest = temporal().env.client.workflow.getHandle(handle.workflowId);
      for (let tries = 0; of.journal.length < 2 && tries < 200; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 25));
      expect(of.journal).toEqual(['look', 'tell:ord_1']);
      expect((await latest.describe()).runId).not.toBe(handle.firstExecutionRunId);
      await latest.terminate();
    });
  });

  it('is waited for at the end, also when a later sending of the same order is through', async () => {
    const of = await book();
    of.agenda = { ...due('act', 'look_up', null, 0), status: 'cancelled', tell: 'ord_1' };
    let arrives = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      arrives = resolve;
    });
    let calls = 0;
    const activities = activitiesOf(of, 1, {
      sendMessages: async () => {
        calls += 1;
        const call = calls;
        if (call === 1) await held;
        of.journal.push(`told:${call}`);
      },
    });
    await play(activities, async (handle) => {
      await until(handle, 'that it has ended', ({ status }) => status === 'cancelled');
      await handle.signal(nudgeSignal);
      const hasHeard = async (): Promise<boolean> => {
        const { events = [] } = await handle.fetchHistory();
        const told = events?.findIndex((event) => event.activityTaskCompletedEventAttributes != null) ?? -1;
        return (
          told >= 0 && (events ?? []).slice(told).some((event) => event.workflowTaskCompletedEventAttributes != null)
        );
      };
      for (let tries = 0; !(await hasHeard()) && tries < 200; tries += 1)
        await new Promise((resolve) => setTimeout(resolve, 25));
      const { status } = await handle.describe();
      arrives();
      expect(status.name).toBe('RUNNING');
      expect(await handle.result()).toMatchObject({ status: 'cancelled' });
    });
    expect(of.journal).toEqual(['look', 'look', 'told:2', 'told:1']);
  });
});

describe('a subscription that has ended', () => {
  it('takes no further command', async () => {
    const of = await book();
    of.agenda = { ...due('act', 'look_up', null, 0), status: 'cancelled' };
    await play(activitiesOf(of, 1), async (handle) => {
      expect(await handle.result()).toMatchObject({ status: 'cancelled' });
      const late = handle.executeUpdate(commandUpdate, { args: [{ commandId: 'cmd_late' }] });
      await expect(late).rejects.toBeInstanceOf(WorkflowNotFoundError);
    });
  });
});

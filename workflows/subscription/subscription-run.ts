import {
  condition,
  isCancellation,
  log,
  makeContinueAsNewFunc,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { CommandAnswer, SubscriptionAgenda } from '../../services/subscription/subscription-steps.ts';
import { messages } from '../activity-profiles.ts';
import { failure } from '../failures.ts';
import { tellStory } from '../run-story.ts';
import { searchAttributes } from '../search-attributes.ts';
import {
  commandRecordedSignal,
  commandUpdate,
  nudgeSignal,
  subscriptionPaymentChangedSignal,
  subscriptionStateQuery,
} from './subscription.contract.ts';
import type { CommandNotice, SubscriptionInput } from './subscription.contract.ts';

/** Of an order's messages. One order may have several: each has its own end. */
interface Sending {
  readonly orderId: string;
}

/** The state of one run: handlers write what they were told, the story reads it at its own points. */
export interface SubscriptionRun {
  readonly subscriptionId: string;
  /** What is to be done next, and when; null until it was read. */
  agenda: SubscriptionAgenda | null;
  /** The billing period in which the run began; null until the agenda was read. */
  firstPeriod: number | null;
  /** Ids of commands that wait for their turn, the oldest first. */
  readonly commands: string[];
  /** What became of commands whose senders wait. */
  readonly answers: Map<string, CommandAnswer | Error>;
  look: boolean;
  /** Sendings under way; a new run waits for them. */
  readonly telling: Set<Sending>;
  /** Those that did not come to an end in a few minutes; a new run goes on with them. */
  readonly tellingLater: Set<Sending>;
  /** Why the last step gave up; null when it did not. */
  attention: string | null;
  /** Milliseconds since the epoch before which nothing is tried again by itself. */
  notBefore: number;
  /** Steps in a row after which the same was due as before. */
  fruitless: number;
  /** What happened in this run, newest first: the workflow's current details. */
  readonly story: string[];
}

export function beginSubscription({ subscriptionId, agenda, commands, look }: SubscriptionInput): SubscriptionRun {
  return {
    subscriptionId,
    agenda,
    firstPeriod: agenda?.period ?? null,
    commands: [...(commands ?? [])],
    answers: new Map(),
    look: look ?? false,
    telling: new Set(),
    tellingLater: new Set(),
    attention: null,
    notBefore: 0,
    fruitless: 0,
    story: [],
  };
}

/** Binds every message before the first await. */
export function bindMessages(run: SubscriptionRun): void {
  setHandler(
    commandUpdate,
    async ({ commandId }) => {
      note(run, commandId);
      await condition(() => run.answers.has(commandId));
      const answer = run.answers.get(commandId);
      if (answer === undefined || answer instanceof Error)
        throw answer ?? failure('internal.unexpected', `command ${commandId} has no answer`);
      return answer;
    },
    {
      validator: (notice: CommandNotice) => {
        if (!isNotice(notice)) throw failure('request.invalid', 'commandId must be the id of a recorded command');
      },
    },
  );

  setHandler(commandRecordedSignal, (notice) => {
    // The sender of a signal gets no answer: what is malformed is left out.
    if (isNotice(notice)) note(run, notice.commandId);
    else log.warn('a malformed signal was ignored', { subscriptionId: run.subscriptionId });
  });

  for (const signal of [subscriptionPaymentChangedSignal, nudgeSignal])
    setHandler(signal, () => {
      run.look = true;
    });

  setHandler(subscriptionStateQuery, () => ({
    status: run.agenda?.status ?? null,
    period: run.agenda?.period ?? null,
    wakeAt: run.agenda === null ? null : wakeTimeOf(run).toISOString(),
    reason: run.agenda?.reason ?? null,
    attention: run.attention,
    waitingCommands: run.commands.length,
  }));
}

function isNotice(notice: unknown): notice is CommandNotice {
  return (
    typeof notice === 'object' &&
    notice !== null &&
    'commandId' in notice &&
    typeof notice.commandId === 'string' &&
    notice.commandId !== ''
  );
}

/** A command that waits already, or has its answer, is not noted twice; one that gave up is run again. */
function note(run: SubscriptionRun, commandId: string): void {
  if (run.answers.get(commandId) instanceof Error) run.answers.delete(commandId);
  if (!run.commands.includes(commandId) && !run.answers.has(commandId)) run.commands.push(commandId);
}

/** Workflow time: deterministic, and the business time of everything below. */
export function now(): string {
  return new Date().toISOString();
}

/** An agenda that names no time is looked at again after this: no wait is without an end. */
const longestWaitMs = 30 * 24 * 60 * 60_000;

/** When the run acts next by itself. */
export function wakeTimeOf(run: SubscriptionRun): Date {
  const wakeAt = run.agenda?.wakeAt ?? null;
  const due = wakeAt === null ? Date.now() + longestWaitMs : Date.parse(wakeAt);
  return new Date(Math.max(due, run.notBefore));
}

/** After a step gave up, or came to nothing three times in a row, it is tried again by itself. */
const retryAfterMs = 60 * 60_000;
const mostFruitless = 3;

/** What a step has made of the agenda. */
export function follow(run: SubscriptionRun, agenda: SubscriptionAgenda, text: string): void {
  const before = run.agenda;
  const same = before?.wakeAt === agenda.wakeAt && before.reason === agenda.reason && before.period === agenda.period;
  const isDue = agenda.wakeAt !== null && Date.parse(agenda.wakeAt) <= Date.now();
  run.agenda = agenda;
  run.firstPeriod ??= agenda.period;
  run.attention = null;
  run.notBefore = 0;
  run.fruitless = same && isDue ? run.fruitless + 1 : 0;
  if (agenda.tell !== null) tell(run, agenda.tell);
  if (run.fruitless >= mostFruitless) return backOff(run, 'subscription.stuck');
  show(run, text);
}

/** A person may have to look; meanwhile it is tried again every hour, and at once when somebody says so. */
export function backOff(run: SubscriptionRun, code: string): void {
  run.attention = code;
  run.fruitless = 0;
  run.notBefore = Date.now() + retryAfterMs;
  log.warn('a step gave up', { subscriptionId: run.subscriptionId, code });
  show(run, `Gave up: ${code}`);
}

/** Sends what the recorded facts of an order have queued. Nothing waits for it but the end of a run. */
function tell(run: SubscriptionRun, orderId: string): void {
  const sending: Sending = { orderId };
  run.telling.add(sending);
  const options = { scheduleToCloseTimeout: '5 minutes' } as const;
  void messages.sendMessages
    .executeWithOptions(options, [{ orderId }])
    .catch((error: unknown) => {
      if (!isCancellation(error)) tellLater(run, orderId);
    })
    .finally(() => run.telling.delete(sending));
}

/** The mail server is away: for as long as the class of messages allows, and over new runs. */
export function tellLater(run: SubscriptionRun, orderId: string): void {
  const sending: Sending = { orderId };
  run.tellingLater.add(sending);
  void messages.sendMessages
    .executeWithOptions({ summary: 'tell the customer, late' }, [{ orderId }])
    // The message record stays; the subscription itself is not in question.
    .catch((error: unknown) => log.warn('messages were not sent', { orderId, error }))
    .finally(() => run.tellingLater.delete(sending));
}

/** Shows what was done to whoever looks at the workflow. */
export function show(run: SubscriptionRun, text: string): void {
  tellStory(run.story, text, describeAgenda(run), storyLines);
}

const storyLines = 20;

function describeAgenda(run: SubscriptionRun): readonly string[] {
  if (run.agenda === null) return [];
  const { status, period, reason } = run.agenda;
  const next = `${wakeTimeOf(run).toISOString().slice(0, 16).replace('T', ' ')}: ${reason}`;
  return [`Period ${period}, ${status}. Next at ${next}${run.attention === null ? '' : ` (${run.attention})`}`, ''];
}

/** What operators and the renewal run find it by. */
function attributesOf(run: SubscriptionRun) {
  const status = run.attention === null ? (run.agenda?.status ?? null) : 'needs_attention';
  const dueAt = run.agenda?.wakeAt === null && run.notBefore === 0 ? null : wakeTimeOf(run);
  return { status, dueAt };
}

/** Writes the search attributes when they say something else than before. */
export function updateAttributes(run: SubscriptionRun): void {
  const { typedSearchAttributes: shown } = workflowInfo();
  const { status, dueAt } = attributesOf(run);
  const sameStatus = shown.get(searchAttributes.status) === (status ?? undefined);
  if (sameStatus && shown.get(searchAttributes.dueAt)?.getTime() === dueAt?.getTime()) return;
  upsertSearchAttributes([
    { key: searchAttributes.status, value: status },
    { key: searchAttributes.dueAt, value: dueAt },
  ]);
}

/** Hands over what is not done yet; the new run begins on the current code (docs/adr/0017). */
export function continueInNewRun(run: SubscriptionRun): Promise<never> {
  const { subscriptionId, agenda, commands, look, tellingLater } = run;
  const { typedSearchAttributes, currentDeploymentVersion } = workflowInfo();
  const { status, dueAt } = attributesOf(run);
  const continueWith = makeContinueAsNewFunc<(input: SubscriptionInput) => Promise<unknown>>({
    typedSearchAttributes: typedSearchAttributes.updateCopy([
      { key: searchAttributes.status, value: status },
      { key: searchAttributes.dueAt, value: dueAt },
    ]),
    // A worker without a version knows no behaviour either.
    ...(currentDeploymentVersion === undefined ? {} : { initialVersioningBehavior: 'AUTO_UPGRADE' as const }),
  });
  return continueWith({
    subscriptionId,
    // Told or carried already.
    agenda: agenda === null ? null : { ...agenda, tell: null },
    ...(commands.length === 0 ? {} : { commands }),
    ...(look ? { look } : {}),
    ...(tellingLater.size === 0 ? {} : { tell: [...new Set([...tellingLater].map(({ orderId }) => orderId))] }),
  });
}

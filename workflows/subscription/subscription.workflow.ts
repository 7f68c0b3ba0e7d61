import { allHandlersFinished, condition, log, workflowInfo } from '@temporalio/workflow';
import { hasEnded } from '../../domain/subscription/subscription-status.ts';
import type { SubscriptionAgenda } from '../../services/subscription/subscription-steps.ts';
import { commands, renewals, store } from '../activity-profiles.ts';
import { failureCodeOf, failureOf, isActivityFailure, isStoreFailure } from '../failures.ts';
import {
  backOff,
  beginSubscription,
  bindMessages,
  continueInNewRun,
  follow,
  now,
  show,
  tellLater,
  updateAttributes,
  wakeTimeOf,
} from './subscription-run.ts';
import type { SubscriptionRun } from './subscription-run.ts';
import type { SubscriptionInput, SubscriptionOutcome } from './subscription.contract.ts';

/** Well before the server's own suggestion: replays stay short. */
const longHistory = 2_000;

/**
 * The story of one subscription: wait until something is due or somebody commands → one step → a new run, once the
 * billing period has advanced. What is due and what it comes to is decided by the service; a step that gives up is tried
 * again, so that only the end of the subscription ends it.
 */
export async function subscriptionWorkflow(input: SubscriptionInput): Promise<SubscriptionOutcome> {
  const run = beginSubscription(input);
  bindMessages(run);
  for (const orderId of input.tell ?? []) tellLater(run, orderId);
  if (run.agenda !== null) show(run, 'A new run');
  while (!isOver(run)) {
    // Whoever waits for an answer gets it from this run; commands without a sender go on in the next.
    if (isTimeForNewRun(run) && isSettled(run)) return continueInNewRun(run);
    await takeTurn(run);
  }
  return { subscriptionId: run.subscriptionId, status: run.agenda?.status ?? 'cancelled' };
}

/** One thing at a time: commands first, in the order in which they came. */
async function takeTurn(run: SubscriptionRun): Promise<void> {
  const { agenda } = run;
  const commandId = run.commands[0];
  if (commandId !== undefined) return runCommand(run, commandId);
  if (run.look || agenda === null) return lookAgain(run);
  const called = (): boolean => run.commands.length > 0 || run.look;
  if (hasNoMore(agenda)) return condition(() => called() || (isSettled(run) && run.tellingLater.size === 0));
  if (isTimeForNewRun(run)) return condition(() => called() || isSettled(run));
  const waitMs = wakeTimeOf(run).getTime() - Date.now();
  if (waitMs <= 0) return takeStep(run, agenda);
  const wasCalled = await condition(called, waitMs, { summary: agenda.reason });
  // Paused without an end, for example: it names no time, and is looked at every month.
  if (!wasCalled && agenda.wakeAt === null) run.look = true;
}

async function runCommand(run: SubscriptionRun, commandId: string): Promise<void> {
  try {
    const summary = `command ${commandId}`;
    const { answer, agenda } = await commands.runSubscriptionCommand.executeWithOptions({ summary }, [
      { commandId, at: now() },
    ]);
    run.answers.set(commandId, answer);
    follow(run, agenda, `Command: ${answer.kind}`);
  } catch (error) {
    if (!isActivityFailure(error)) throw error;
    // What it came to is not known here: the sender is told, and the record is looked at.
    run.answers.set(commandId, failureOf(error));
    run.look = true;
    log.warn('a command gave up', { commandId, code: failureCodeOf(error) });
  } finally {
    run.commands.shift();
  }
  updateAttributes(run);
}

async function lookAgain(run: SubscriptionRun): Promise<void> {
  run.look = false;
  const step = { subscriptionId: run.subscriptionId, at: now() };
  await attempt(run, 'Looked at the record', () => store.readSubscriptionAgenda(step));
  updateAttributes(run);
}

/** What is due: what moves money goes through the queue that is held to the gateways' rate. */
async function takeStep(run: SubscriptionRun, due: SubscriptionAgenda): Promise<void> {
  const step = { subscriptionId: run.subscriptionId, at: now() };
  const summary = `${due.reason}, period ${due.period}`;
  await attempt(run, summary, () =>
    due.step === 'collect'
      ? renewals.collectSubscription.executeWithOptions({ summary }, [step])
      : store.actOnSubscription.executeWithOptions({ summary }, [step]),
  );
  // Those of a renewal are written by the run that follows it.
  if (!isTimeForNewRun(run)) updateAttributes(run);
}

async function attempt(run: SubscriptionRun, text: string, step: () => Promise<SubscriptionAgenda>): Promise<void> {
  try {
    follow(run, await step(), text);
  } catch (error) {
    if (!isStoreFailure(error)) throw error;
    backOff(run, failureCodeOf(error));
  }
}

function hasNoMore(agenda: SubscriptionAgenda): boolean {
  return agenda.wakeAt === null && hasEnded(agenda.status);
}

/** Mail has a limit of its own, and a handler that has its answer needs one moment more. */
function isSettled({ telling }: SubscriptionRun): boolean {
  return telling.size === 0 && allHandlersFinished();
}

function isOver(run: SubscriptionRun): boolean {
  const { agenda, commands, look, tellingLater } = run;
  if (agenda === null || !hasNoMore(agenda) || commands.length > 0 || look) return false;
  return isSettled(run) && tellingLater.size === 0;
}

/** One run per billing period, so that each is played by the code of its day; sooner when a history grows long. */
function isTimeForNewRun({ agenda, firstPeriod }: SubscriptionRun): boolean {
  if (agenda === null || hasNoMore(agenda)) return false;
  const { continueAsNewSuggested, historyLength, targetWorkerDeploymentVersionChanged } = workflowInfo();
  if (continueAsNewSuggested || historyLength > longHistory || targetWorkerDeploymentVersionChanged) return true;
  return agenda.period !== firstPeriod;
}

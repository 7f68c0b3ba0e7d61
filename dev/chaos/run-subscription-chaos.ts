import { renewalRunScheduleId } from '../../workflows/renewal-run/renewal-run.contract.ts';
import { checkDocuments } from './check-documents.ts';
import { checkInbox } from './check-mails.ts';
import type { MailTroubles, RepeatedMails } from './check-mails.ts';
import { checkMoney } from './check-money.ts';
import { checkCommands } from './check-subscription-commands.ts';
import { checkSubscriptions } from './check-subscriptions.ts';
import { withHarness } from './harness.ts';
import type { Harness, RunRequest } from './harness.ts';
import { killWorkers } from './killer.ts';
import type { Kill } from './killer.ts';
import { beginFaults, endFaults, lostMailAnswers } from './partner-faults.ts';
import type { FaultsMet } from './partner-faults.ts';
import { isEverythingTold, secondsSince, until, untilClean } from './patience.ts';
import { playSubscription, retryOpenPayments, sellSubscriptions } from './subscribers.ts';
import type { SubscriptionPlan } from './subscription-plan.ts';
import { readSubscriptionWorld } from './subscription-snapshot.ts';
import type { SubscriptionWorld } from './subscription-snapshot.ts';
import type { Violation } from './violation.ts';

export interface SubscriptionChaosReport {
  readonly world: SubscriptionWorld;
  readonly kills: readonly Kill[];
  readonly faults: FaultsMet;
  readonly repeatedMails: RepeatedMails;
  readonly violations: readonly Violation[];
  readonly seconds: number;
}

export interface SubscriptionChaosRun extends RunRequest {
  readonly plan: SubscriptionPlan;
}

/** Sold in peace; then all periods end while workers die, partners fail, workflows are lost and customers ask for things. */
export async function runSubscriptionChaos({
  plan,
  ...request
}: SubscriptionChaosRun): Promise<SubscriptionChaosReport> {
  const begin = Date.now();
  const { log } = request;
  return withHarness(request, async (harness) => {
    const { shop, db } = harness;
    const sold = await sellSubscriptions(harness, plan);
    await until('everybody is told what they bought', request, () => isEverythingTold(db));
    log(`${sold.length} subscriptions are sold after ${secondsSince(begin)} s`);
    await beginFaults(shop, plan.faults);
    const [kills, ...played] = await Promise.all([
      killWorkers(harness, plan.kills),
      ...sold.map((one) => playSubscription(harness, one)),
    ]);
    const faults = await endFaults(shop);
    log(`${kills.length} kills made after ${secondsSince(begin)} s; waiting until everything is settled`);
    const troubles = { kills, lostResponses: lostMailAnswers(faults) };
    const seen = await untilClean(request, async () => {
      await moveOn(harness);
      return checkAll(await readSubscriptionWorld(harness, played), troubles);
    });
    return { ...seen, kills, faults, seconds: secondsSince(begin) };
  });
}

/** What happens within the hour by itself: the renewal run comes, and support looks at open charges. */
async function moveOn(harness: Harness): Promise<void> {
  await harness.client.schedule.getHandle(renewalRunScheduleId).trigger();
  await retryOpenPayments(harness);
}

function checkAll(world: SubscriptionWorld, troubles: MailTroubles) {
  const inbox = checkInbox(world, troubles);
  const violations = [
    ...checkSubscriptions(world),
    ...checkCommands(world),
    ...checkMoney(world),
    ...checkDocuments(world),
    ...inbox.violations,
  ];
  return { world, violations, repeatedMails: inbox.repeated };
}

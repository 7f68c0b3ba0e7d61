import { continueAsNew, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { RenewalRun, RenewalTally } from '../../services/renewal-run/renewal-run-store.ts';
import { books } from '../activity-profiles.ts';
import { searchAttributes } from '../search-attributes.ts';
import { guardPagesPerRun, renewalRunEveryMs } from './renewal-run.contract.ts';
import type { RenewalRunProgress } from './renewal-run.contract.ts';

const nothingYet: RenewalTally = {
  ...{ due: 0, late: 0, started: 0, nudged: 0, replaced: 0 },
  ...{ redelivered: 0, unreachable: 0, examples: [] },
};
const examplesShown = 20;

/**
 * Proves, page by page, that every subscription that is due or overdue has a workflow that acts in time, mends those that
 * have none, has commands run that nobody sent, and leaves a report. Run by a Temporal Schedule every hour. It charges nobody itself: what it wakes goes
 * through the queue that is held to the gateways' rate.
 */
export async function renewalRunWorkflow(
  begun: RenewalRunProgress = { at: null, tally: null, after: null },
): Promise<RenewalRun> {
  const at = begun.at ?? new Date().toISOString();
  const horizon = new Date(Date.parse(at) + renewalRunEveryMs).toISOString();
  let { after } = begun;
  let tally = begun.tally ?? nothingYet;
  for (let pages = 0; pages < guardPagesPerRun; pages += 1) {
    const page = await books.guardSubscriptions({ at, horizon, after });
    tally = sumOf(tally, page.tally);
    after = page.next;
    setCurrentDetails(`${textOf(tally)}${after === null ? '' : `; at ${after.nextActionAt}`}`);
    if (after === null) return close(at, tally);
  }
  return continueAsNew<typeof renewalRunWorkflow>({ at, tally, after });
}

async function close(at: string, tally: RenewalTally): Promise<RenewalRun> {
  const report = await books.reportRenewalRun({ at, tally });
  const { renewed, failed, amounts } = report.figures;
  setCurrentDetails(
    [
      textOf(tally),
      `Since ${report.from}: ${renewed} renewed (${moneyText(amounts)}), ${failed} not collected`,
      `On ${report.forecast.day}: ${report.forecast.subscriptions} (${moneyText(report.forecast.amounts)})`,
    ].join('\n\n'),
  );
  if (report.mended + tally.unreachable > 0)
    upsertSearchAttributes([{ key: searchAttributes.status, value: 'needs_attention' }]);
  return report;
}

function sumOf(one: RenewalTally, other: RenewalTally): RenewalTally {
  return {
    due: one.due + other.due,
    late: one.late + other.late,
    started: one.started + other.started,
    nudged: one.nudged + other.nudged,
    replaced: one.replaced + other.replaced,
    redelivered: one.redelivered + other.redelivered,
    unreachable: one.unreachable + other.unreachable,
    examples: [...one.examples, ...other.examples].slice(0, examplesShown),
  };
}

function textOf({ examples, ...tally }: RenewalTally): string {
  const { due, late, started, nudged, replaced, redelivered, unreachable } = tally;
  const mended = `${started} started, ${nudged} nudged, ${replaced} replaced`;
  const counts = `${due} due, ${late} late; ${mended}, ${redelivered} commands told again, ${unreachable} unreachable`;
  if (examples.length === 0) return counts;
  return `${counts}: ${examples.map(({ subscription, remedy }) => `${subscription} ${remedy}`).join(', ')}`;
}

/** Minor units, as the reports have them. */
function moneyText(amounts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(amounts).map(([currency, amount]) => `${amount} minor units of ${currency}`);
  return parts.length === 0 ? 'nothing' : parts.join(', ');
}

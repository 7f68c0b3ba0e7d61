import { continueAsNew, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { store } from '../activity-profiles.ts';
import { searchAttributes } from '../search-attributes.ts';
import { pagesPerRun, problemsShown } from './revenue-recognition.contract.ts';
import type { RevenueRecognitionProgress, RevenueRecognitionReport } from './revenue-recognition.contract.ts';

type Page = Awaited<ReturnType<Activities['postEarnedRevenue']>>;

const nothingYet: RevenueRecognitionReport = { day: null, posted: 0, recognised: {}, problems: [], problemCount: 0 };

/**
 * Posts what deferred sales have earned, page by page. Run by a Temporal Schedule every night; days that were missed are
 * made up by the next run.
 */
export async function revenueRecognitionWorkflow(
  begun: RevenueRecognitionProgress = { report: nothingYet, after: null },
): Promise<RevenueRecognitionReport> {
  let { report, after } = begun;
  for (let pages = 0; pages < pagesPerRun; pages += 1) {
    const page = await store.postEarnedRevenue({ day: report.day, at: new Date().toISOString(), after });
    report = withPage(report, page);
    after = page.next;
    if (after === null) return ended(report);
    setCurrentDetails(`${textOf(report)}; at schedule ${after}`);
  }
  return continueAsNew<typeof revenueRecognitionWorkflow>({ report, after });
}

function withPage(report: RevenueRecognitionReport, page: Page): RevenueRecognitionReport {
  const recognised = { ...report.recognised };
  for (const [currency, amount] of Object.entries(page.recognised))
    recognised[currency] = (recognised[currency] ?? 0) + amount;
  return {
    day: page.day,
    posted: report.posted + page.posted,
    recognised,
    problems: [...report.problems, ...page.problems].slice(0, problemsShown),
    problemCount: report.problemCount + page.problems.length,
  };
}

function ended(report: RevenueRecognitionReport): RevenueRecognitionReport {
  setCurrentDetails(textOf(report));
  if (report.problemCount > 0) upsertSearchAttributes([{ key: searchAttributes.status, value: 'needs_attention' }]);
  return report;
}

function textOf({ day, posted, problems, problemCount }: RevenueRecognitionReport): string {
  const done = `Through ${day ?? '–'}: ${posted} entries`;
  if (problemCount === 0) return done;
  return `${done}; ${problemCount} problems: ${problems.map(({ schedule, code }) => `${schedule} ${code}`).join(', ')}`;
}

import { randomBytes } from 'node:crypto';
import { formatMoney } from '../../domain/money/money.ts';
import { readSamples } from '../samples/read-samples.ts';
import type { System } from '../system/start-system.ts';
import { checkBooks } from './check-books.ts';
import type { BookCheck } from './check-books.ts';
import { loadSampleCatalog } from './load-catalog.ts';
import { createPartnerWorld } from '../system/partner-world.ts';
import { reportLine, reportTable, temporalLink } from './report.ts';
import type { Places } from './report.ts';
import type { SampleRun, SampleWorld } from './run-sample.ts';
import { runSamples } from './run-samples.ts';
import { runScenarios } from './run-scenarios.ts';
import type { ScenarioRun } from './run-scenarios.ts';
import { createWaybillApi } from '../system/waybill-api.ts';

export interface DemoResult {
  readonly runs: readonly SampleRun[];
  readonly books: BookCheck;
  /** Subscriptions over months, in skipped time. */
  readonly scenarios: readonly ScenarioRun[];
}

/** Plays all samples against a running system, through its HTTP interfaces only. */
export async function runDemo(system: System, log: (line: string) => void): Promise<DemoResult> {
  const deps: SampleWorld = {
    api: createWaybillApi(system),
    world: createPartnerWorld(system),
    runId: randomBytes(6).toString('hex'),
  };
  const records = { uri: system.stack.mongodb.uri, database: system.home.database };
  const samples = readSamples();
  await loadSampleCatalog(deps.api);
  log(
    `catalogue loaded; placing ${samples.length} samples (about half a minute, one of them waits for a late partner)`,
  );
  const runs = await runSamples(deps, samples, log);
  const books = await checkBooks({ ...deps, records });
  log('subscriptions, in skipped time');
  return { runs, books, scenarios: await runScenarios(records.uri, log) };
}

export function wentWell({ runs, books, scenarios }: DemoResult): boolean {
  return (
    books.balance &&
    runs.every(({ mismatches }) => mismatches.length === 0) &&
    scenarios.every(({ problems }) => problems.length === 0)
  );
}

/** For machines: one line per sample and nothing else. */
export function jsonLines({ runs }: DemoResult, system: System): string {
  return runs.map((run) => reportLine(run, placesOf(system))).join('\n');
}

/** For people: the table, where to look, the books. */
export function textReport(result: DemoResult, system: System): string {
  const places = placesOf(system);
  const links = result.runs.flatMap(({ sample, seen }) => {
    const link = seen === null ? null : temporalLink(places, seen.order.id);
    return link === null ? [] : [`  ${sample.name.padEnd(20)} ${link}`];
  });
  return [
    reportTable(result.runs),
    '',
    `Inbox        ${system.inbox}`,
    `API docs     ${system.api}/docs`,
    links.length === 0
      ? `Temporal UI  of the server at TEMPORAL_ADDRESS, namespace ${places.namespace}`
      : 'Temporal UI',
    ...links,
    '',
    ...bookLines(result.books),
    '',
    'Subscriptions, played in skipped time (npm run simulate -- dev/samples/scenarios/NAME.json):',
    ...result.scenarios.map(({ name, title, billed }) => `  ${name.padEnd(24)} ${title}: ${billed}`),
  ].join('\n');
}

/** What went wrong and where to look; empty when nothing did. */
export function failureReport(result: DemoResult, system: System): readonly string[] {
  const failed = result.runs.filter(({ mismatches }) => mismatches.length > 0);
  return [
    ...failed.flatMap(({ sample, seen, mismatches }) => [
      `${sample.name} is not as dev/samples/orders/${sample.name}.json says:`,
      ...mismatches.map((mismatch) => `  ${mismatch}`),
      ...(seen === null
        ? []
        : [
            `  look at GET ${system.api}/v1/orders/${seen.order.id}, at the partners with GET ` +
              `${system.sandbox}/payments?reference=${seen.order.id}, and in the workflow's history ${temporalLink(placesOf(system), seen.order.id) ?? ''}`,
          ]),
    ]),
    ...result.books.problems.map((problem) => `the books are wrong: ${problem}`),
    ...result.scenarios.flatMap(({ name, problems }) => problems.map((problem) => `scenario ${name}: ${problem}`)),
    ...(failed.length > 0 || !result.books.balance
      ? ['`npm run demo -- --keep` leaves everything up to look at it; `--verbose` prints what worker and API log.']
      : []),
  ];
}

function bookLines({ balance, held, problems }: BookCheck): readonly string[] {
  const amounts = held.map(({ gateway, currency, amount }) => `${gateway} ${formatMoney({ amount, currency })}`);
  return [
    `Held by the gateways, as the ledger says: ${amounts.join(', ')}`,
    `books balance: ${balance ? 'yes' : `no (${problems.join('; ')})`}`,
  ];
}

function placesOf(system: System): Places {
  return { temporalUi: system.stack.temporal.uiUrl, namespace: system.home.namespace };
}

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { historyFromJson } from '../../dev/histories/history-json.ts';
import type { History } from '../../dev/histories/history-json.ts';
import { scenarios } from '../../dev/histories/scenarios.ts';
import { bundleWorkflows } from '../../workers/workflow-bundle.ts';
import * as workflows from '../../workflows/index.ts';

// Goal: today's workflow code still fits the histories of the workflows that are running. Method: histories recorded from
// the real system (npm run histories:record) are replayed without a server. The negative controls show that a replay
// which should fail does.

const folder = new URL('./histories/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
const textOf = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const load = (name: string): History => historyFromJson(JSON.parse(textOf(name)));

const typeOf = ({ events }: History): string | null | undefined =>
  events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name;

let bundle: WorkflowBundleWithSourceMap;
beforeAll(async () => {
  // The negative controls would fill the screen.
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
  bundle = await bundleWorkflows();
});

const replay = (history: History, workflowBundle = bundle): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle }, history);

describe('recorded histories', () => {
  it.each(names)('%s still replays', async (name) => {
    await replay(load(name));
  });

  it('cover every scenario of orders', () => {
    const wanted = scenarios.flatMap(({ name, started }) => [
      `order.${name}.`,
      ...(started ? [`${started.name}.`] : []),
    ]);
    for (const start of wanted) expect(names.filter((file) => file.startsWith(start))).not.toHaveLength(0);
  });

  it('cover every workflow type but the tax return, which ends when a person has filed it', () => {
    const recorded = names.map((name) => typeOf(load(name)));
    const missing = Object.keys(workflows).filter((type) => !recorded.includes(type));
    expect(missing).toEqual(['taxReturnWorkflow']);
  });

  it('are named <workflow>.<scenario>.<yyyy-mm>.json', () => {
    for (const name of names) expect(name).toMatch(/^[a-z-]+\.[a-z-]+\.\d{4}-\d{2}\.json$/);
  });
});

describe('what a replay must not accept', () => {
  const completed = names.find((name) => name.startsWith('order.completed.')) ?? '';

  it('a workflow whose steps were swapped', async () => {
    const reordered = await bundleWorkflows(fileURLToPath(new URL('./reordered/order.workflow.ts', import.meta.url)));
    await expect(replay(load(completed), reordered)).rejects.toThrow(DeterminismViolationError);
  });

  it('a history in which another activity ran', async () => {
    const tampered = textOf(completed).replaceAll('"takePayment"', '"voidPayment"');
    expect(tampered).not.toBe(textOf(completed));
    await expect(replay(historyFromJson(JSON.parse(tampered)))).rejects.toThrow(DeterminismViolationError);
  });

  it('a history that lost an event', async () => {
    const { events } = load(completed);
    const kept = events?.filter(({ markerRecordedEventAttributes: marker }) => marker == null) ?? [];
    expect(kept.length).toBeLessThan(events?.length ?? 0);
    await expect(replay({ events: kept })).rejects.toThrow('out of order');
  });
});

describe('what is committed', () => {
  const personal = [/@[a-z-]+\.[a-z]+/i, /\bAda\b/, /FR40303265045/, /tok_/, /ONLY-ONE-THERE-IS/];
  const machine = [/\/(work|home|root|Users|tmp)\//, /[A-Z]:\\\\/, /node_modules/, /\b\d+@[A-Za-z]/];

  it.each(names)('%s names no person and no machine', (name) => {
    const text = textOf(name);
    // Payloads are base64: what is inside them counts.
    const payloads = [...text.matchAll(/"data": "([A-Za-z0-9+/=]+)"/g)].map(([, data]) =>
      Buffer.from(data ?? '', 'base64').toString('utf8'),
    );
    const found = [text, ...payloads].flatMap((part) =>
      [...personal, ...machine].flatMap((pattern) => pattern.exec(part)?.[0] ?? []),
    );
    expect(found).toEqual([]);
  });
});

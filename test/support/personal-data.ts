import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import type { Sample } from '../../dev/samples/sample-schema.ts';
import type { System } from '../../dev/system/start-system.ts';

/** A text that belongs to a person or is a secret, and must not turn up. */
export interface Needle {
  readonly what: string;
  readonly text: string;
}

/** A text that was found in a place. */
export interface Source {
  readonly where: string;
  readonly texts: readonly string[];
}

const personalFields = z.looseObject({
  customer: z.looseObject({
    email: z.string(),
    name: z.string(),
    postalCode: z.string().optional(),
    businessTaxId: z.string().optional(),
  }),
  payment: z.looseObject({ token: z.string() }),
  metadata: z.record(z.string(), z.string()).default({}),
});

/** Names (whole, and each long part), addresses, tokens and free text of the samples, as sent and as in a URL. */
export function needlesOf(samples: readonly Sample[]): readonly Needle[] {
  const needles = samples.flatMap(({ name: sample, order, during }): Needle[] => {
    const { customer, payment, metadata } = personalFields.parse(order);
    const parts = customer.name.split(' ').filter((part) => part.length >= 5 || /[^\p{ASCII}]/u.test(part));
    const notes = during.flatMap((act) => (act.do === 'review' ? [act.note] : []));
    const cardNumbers = Object.values(metadata).flatMap((text) => text.match(/(?:\d ?){13,19}/g) ?? []);
    const found: readonly (readonly [string, string | undefined])[] = [
      ['e-mail', customer.email],
      ['name', customer.name],
      ...parts.map((part) => ['part of the name', part] as const),
      ['postal code', customer.postalCode],
      ['tax id', customer.businessTaxId],
      ['token', payment.token],
      ...notes.map((note) => ['review note', note] as const),
      ...cardNumbers.flatMap((number) => [
        ['card number', number.trim()] as const,
        ['card number', number.replaceAll(' ', '')] as const,
      ]),
    ];
    return found.flatMap(([what, text]) => (text === undefined ? [] : [{ what: `${what} of ${sample}`, text }]));
  });
  const encoded = needles.map(({ what, text }) => ({ what: `${what}, URL-encoded`, text: encodeURIComponent(text) }));
  return [...new Map([...encoded, ...needles].map((needle) => [needle.text, needle])).values()];
}

/** Each hit as "what in where". A needle counts only where no letter or digit continues it: 80331 is not in 1803315. */
export function findPersonalData(needles: readonly Needle[], sources: readonly Source[]): readonly string[] {
  const patterns = needles.map((needle) => ({ ...needle, pattern: wholeText(needle.text) }));
  return sources.flatMap(({ where, texts }) => {
    const hits = patterns.filter(({ pattern }) => texts.some((text) => pattern.test(text)));
    return hits.map(({ what }) => `${what} in ${where}`);
  });
}

function wholeText(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'iu');
}

/** Everything that Temporal keeps and shows of the namespace: histories, visibility, user metadata, current details. */
export async function readTemporal({ stack, home }: System): Promise<readonly Source[]> {
  const connection = await Connection.connect({ address: stack.temporal.address });
  try {
    const client = new Client({ connection, namespace: home.namespace });
    const listing = await readListing(connection, home.namespace);
    const sources: Source[] = [{ where: 'the listing of workflows', texts: textsIn(listing.pages) }];
    for (const { workflowId, runId } of listing.executions) {
      const handle = client.workflow.getHandle(workflowId, runId);
      const [history, description] = await Promise.all([
        handle.fetchHistory(),
        connection.workflowService.describeWorkflowExecution({
          namespace: home.namespace,
          execution: { workflowId, runId },
        }),
      ]);
      sources.push({ where: `the history of ${workflowId}`, texts: textsIn(history) });
      sources.push({ where: `the description of ${workflowId}`, texts: textsIn(description) });
      if (!workflowId.startsWith('order/')) continue;
      const metadata = await handle.query<unknown, []>('__temporal_workflow_metadata');
      sources.push({ where: `the current details of ${workflowId}`, texts: textsIn(metadata) });
    }
    return sources;
  } finally {
    await connection.close();
  }
}

async function readListing(connection: Connection, namespace: string) {
  const pages: unknown[] = [];
  const executions: { workflowId: string; runId: string }[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  do {
    const page = await connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 200, nextPageToken });
    pages.push(page.executions);
    for (const { execution } of page.executions ?? [])
      executions.push({ workflowId: execution?.workflowId ?? '', runId: execution?.runId ?? '' });
    nextPageToken = page.nextPageToken ?? new Uint8Array();
  } while (nextPageToken.length > 0);
  return { pages, executions };
}

/** Every string in a message of Temporal, field names included; payloads are bytes that hold JSON. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array || Buffer.isBuffer(value)) return [Buffer.from(value).toString('utf8')];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => [key, ...textsIn(item)]);
}

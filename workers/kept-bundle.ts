import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { z } from 'zod';

/** A bundle as it was made, and every path of the disk that was read for it; folders among them do not matter. */
export interface MadeBundle {
  readonly bundle: WorkflowBundleWithSourceMap;
  readonly read: readonly string[];
}

const entrySchema = z.object({
  digest: z.string(),
  sources: z.array(z.string()),
  bundle: z.object({ code: z.string(), sourceMap: z.string() }),
});

/** What makes a bundle of sources: the packages that npm installed, and how we bundle. */
const tools = ['../node_modules/.package-lock.json', 'workflow-bundle.ts', 'kept-bundle.ts'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** A file system stamps with a coarser clock than ours. */
const clockSlackMs = 100;

/**
 * The bundle that is kept in the folder for this entry, as long as the contents of all its sources and of the tools are
 * the same; else a new one, kept in its place. A folder that cannot be read or written costs time and nothing else.
 * @param folder made when it is missing
 * @param entry path of the file whose imports are bundled
 * @throws what `make` throws
 */
export async function keptBundle(
  folder: string,
  entry: string,
  make: () => Promise<MadeBundle>,
): Promise<WorkflowBundleWithSourceMap> {
  // One per entry of one clone: what is out of date is overwritten.
  const path = join(folder, `${sha256(entry).slice(0, 16)}.json`);
  const kept = await read(path).catch(() => null);
  if (kept !== null) return kept;
  const begun = Date.now();
  const made = await make();
  await keep(path, made, begun).catch(() => undefined);
  return made.bundle;
}

/** null: made of something else. @throws when it or one of its sources cannot be read */
async function read(path: string): Promise<WorkflowBundleWithSourceMap | null> {
  const { digest, sources, bundle } = entrySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  return (await digestOf(sources)) === digest ? bundle : null;
}

async function keep(path: string, { bundle, read: paths }: MadeBundle, begun: number): Promise<void> {
  const found = await Promise.all(paths.map(async (source) => ({ source, stats: await stat(source) })));
  const files = found.filter(({ stats }) => stats.isFile());
  const sources = files.map(({ source }) => source);
  const digest = await digestOf(sources);
  // Whether the bundle has what a source held before it was written or after is not known.
  if (files.some(({ stats }) => stats.ctimeMs >= begun - clockSlackMs)) return;
  await mkdir(dirname(path), { recursive: true });
  // Other processes find the old one or the new one, never half of it.
  const part = `${path}.${randomUUID()}`;
  await writeFile(part, JSON.stringify({ digest, sources, bundle } satisfies z.input<typeof entrySchema>));
  await rename(part, path);
}

async function digestOf(sources: readonly string[]): Promise<string> {
  const paths = [...tools, ...sources];
  const contents = await Promise.all(paths.map(async (path) => `${path}\0${sha256(await readFile(path))}\n`));
  return sha256(`${process.version}\n${contents.join('')}`);
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

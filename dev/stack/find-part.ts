import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MissingToolsError, type Build } from './build.ts';
import { cacheFolder } from './cache-folder.ts';
import { download, findDownloaded, type Downloadable } from './download.ts';
import { withLock } from './lock.mjs';
import { findOnPath, type Machine } from './machine.ts';

/** How to come by one part of the stack. */
export interface Recipe {
  /** Also its name in log lines. */
  readonly part: Downloadable;
  readonly programOnPath: string;
  /** What is built when nothing can be downloaded. */
  readonly built: {
    /** For the log line: name and version. */
    readonly label: string;
    /** Folder in the cache; changes with everything that is built into it. */
    readonly folder: string;
    /** The executable in that folder. */
    readonly program: string;
    readonly usually: string;
    readonly build: Build;
  };
  /** What a person can do when nothing worked, one way per line. */
  readonly ways: readonly string[];
}

/** A program that was found. */
export interface FoundPart {
  readonly path: string;
  /** Built programs are our own choice of server, the others are the original one. */
  readonly kind: 'original' | 'built';
  /** For the log line: where it comes from. */
  readonly origin: string;
}

/**
 * Finds a part: program on PATH, then our cache, then the ordinary download, then a build from package registries.
 * Throws an error that says what to install or to set when none works.
 */
export async function findPart(recipe: Recipe, machine: Machine): Promise<FoundPart> {
  const onPath = findOnPath(recipe.programOnPath, machine.env);
  if (onPath !== null) return { path: onPath, kind: 'original', origin: `${recipe.programOnPath} on PATH` };
  const cached = await findCached(recipe, machine);
  if (cached !== null) return cached;
  const lock = join(cacheFolder(machine.env), `${recipe.built.folder}.lock`);
  const onWait = (): void => machine.log(`${recipe.part}: another process is fetching it, waiting`);
  return withLock(lock, async () => (await findCached(recipe, machine)) ?? (await fetchPart(recipe, machine)), onWait);
}

async function findCached(recipe: Recipe, machine: Machine): Promise<FoundPart | null> {
  const downloaded = await findDownloaded(recipe.part, machine);
  if (downloaded !== null) return { path: downloaded, kind: 'original', origin: 'downloaded (cache)' };
  const path = builtProgram(recipe, machine);
  try {
    await access(path);
    return { path, kind: 'built', origin: `built ${recipe.built.label} (cache)` };
  } catch {
    return null;
  }
}

async function fetchPart(recipe: Recipe, machine: Machine): Promise<FoundPart> {
  const downloaded = await download(recipe.part, machine);
  if (downloaded !== null) return { path: downloaded, kind: 'original', origin: 'downloaded' };
  try {
    return await buildPart(recipe, machine);
  } catch (error) {
    throw new Error(failure(recipe, error), { cause: error });
  }
}

async function buildPart(recipe: Recipe, machine: Machine): Promise<FoundPart> {
  const { label, usually, build } = recipe.built;
  const folder = join(cacheFolder(machine.env), recipe.built.folder);
  const target = `${folder}.part`;
  const scratch = `${folder}.scratch`;
  const started = Date.now();
  const seconds = (): number => Math.round((Date.now() - started) / 1000);
  machine.log(`${recipe.part}: building ${label} from package registries, usually ${usually}, once per machine`);
  const progress = setInterval(() => machine.log(`${recipe.part}: still building, ${seconds()} s`), 20_000);
  try {
    for (const path of [target, scratch]) {
      await rm(path, { recursive: true, force: true }); // left by a build that was killed
      await mkdir(path, { recursive: true });
    }
    await build(target, scratch, machine);
    await rm(folder, { recursive: true, force: true });
    await rename(target, folder);
  } finally {
    clearInterval(progress);
    await Promise.all([target, scratch].map((path) => rm(path, { recursive: true, force: true })));
  }
  return { path: builtProgram(recipe, machine), kind: 'built', origin: `built ${label} in ${seconds()} s` };
}

function builtProgram(recipe: Recipe, machine: Machine): string {
  return join(cacheFolder(machine.env), recipe.built.folder, recipe.built.program);
}

function failure(recipe: Recipe, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const why = error instanceof MissingToolsError ? `cannot be built (${reason})` : `could not be built: ${reason}`;
  return [
    `${recipe.part}: not on PATH, no download, and ${why}`,
    'Do one of these and start again:',
    ...recipe.ways.map((way) => `  - ${way}`),
  ].join('\n');
}

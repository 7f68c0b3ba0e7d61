import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rememberRefused } from '../../dev/stack/download.ts';
import { findPart } from '../../dev/stack/find-part.ts';
import type { Machine } from '../../dev/stack/machine.ts';
import { mongoRecipe, startMongo } from '../../dev/stack/mongo-server.ts';
import { startTemporal, TEMPORAL_RECIPE } from '../../dev/stack/temporal-server.ts';
import { findTimeSkippingServer, timeSkippingRecipe } from '../../dev/stack/time-skipping-server.ts';

let folder = '';
let bin = '';
let machine: Machine;
let lines: string[] = [];

/** A machine with nothing on PATH and an empty cache, on which downloads were refused a moment ago. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-find-part-'));
  bin = join(folder, 'bin');
  await mkdir(bin);
  lines = [];
  const env = { PATH: bin, XDG_CACHE_HOME: join(folder, 'cache') };
  machine = { env, log: (line) => lines.push(line), answerMs: 300 };
  for (const part of ['temporal', 'mongodb', 'test-server'] as const) await rememberRefused(part, machine);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function executable(path: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, '#!/bin/sh\n');
  await chmod(path, 0o755);
  return path;
}

/** A port on which something answers, but not the protocol that is expected. */
async function withStranger(use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => response.end());
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  try {
    await use(port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('finding order', () => {
  it('takes a program on PATH before everything else', async () => {
    await executable(join(folder, 'cache', 'waybill', TEMPORAL_RECIPE.built.folder, 'temporal'));
    const path = await executable(join(bin, 'temporal'));
    expect(await findPart(TEMPORAL_RECIPE, machine)).toEqual({ path, kind: 'original', origin: 'temporal on PATH' });
  });

  it('takes an earlier download before an earlier build', async () => {
    const cache = join(folder, 'cache', 'waybill');
    await executable(join(cache, TEMPORAL_RECIPE.built.folder, 'temporal'));
    const path = await executable(join(cache, 'temporal-downloaded', 'a-temporal'));
    await writeFile(join(cache, 'temporal-downloaded', 'program.txt'), 'a-temporal');
    expect(await findPart(TEMPORAL_RECIPE, machine)).toMatchObject({ path, origin: 'downloaded (cache)' });
  });

  it('takes an earlier build without asking the network', async () => {
    const recipe = await mongoRecipe();
    const path = await executable(join(folder, 'cache', 'waybill', recipe.built.folder, 'launch'));
    expect(await findPart(recipe, machine)).toMatchObject({ path, kind: 'built' });
    expect(lines).toEqual([]);
  });

  it('builds once when two ask at the same time', async () => {
    let builds = 0;
    const build = async (target: string): Promise<void> => {
      builds += 1;
      await executable(join(target, 'temporal'));
    };
    const recipe = { ...TEMPORAL_RECIPE, built: { ...TEMPORAL_RECIPE.built, build } };
    const [first, second] = await Promise.all([findPart(recipe, machine), findPart(recipe, machine)]);
    expect(builds).toBe(1);
    expect(first.path).toBe(second.path);
  });
});

describe('environment variables', () => {
  it('TEMPORAL_ADDRESS is used, and nothing else when it does not answer', async () => {
    await executable(join(bin, 'temporal'));
    const env = { ...machine.env, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const start = startTemporal({ searchAttributes: {}, ui: false }, { ...machine, env });
    await expect(start).rejects.toThrow('TEMPORAL_ADDRESS=127.0.0.1:1 does not answer');
  });

  it('MONGODB_URI is used, and nothing else when it is no MongoDB', async () => {
    await executable(join(bin, 'mongod'));
    await withStranger(async (port) => {
      const env = { ...machine.env, MONGODB_URI: `mongodb://127.0.0.1:${port}` };
      const temporaryFolder = (): Promise<string> => Promise.resolve(folder);
      const start = startMongo({ faultProxy: false, temporaryFolder }, { ...machine, env });
      await expect(start).rejects.toThrow('MONGODB_URI does not answer');
    });
  });

  it('TEMPORAL_TEST_SERVER is used and must be executable', async () => {
    const path = await executable(join(folder, 'server'));
    const env = { ...machine.env, TEMPORAL_TEST_SERVER: path };
    expect(await findTimeSkippingServer(machine.log, env)).toEqual({ path });
    await chmod(path, 0o644);
    await expect(findTimeSkippingServer(machine.log, env)).rejects.toThrow('not an executable file');
  });
});

describe('a machine without anything', () => {
  it('says what to do for Temporal when Go is missing', async () => {
    const message = await messageOf(findPart(TEMPORAL_RECIPE, machine));
    expect(message).toContain('not on PATH: go');
    expect(message).toContain('install the Temporal CLI');
    expect(message).toContain('set TEMPORAL_ADDRESS=host:port');
    expect(message).toContain('install Go');
  });

  it('says what to do for the Java parts when Java is missing', async () => {
    await executable(join(bin, 'mvn'));
    for (const recipe of [await mongoRecipe(), await timeSkippingRecipe()]) {
      const message = await messageOf(findPart(recipe, machine));
      expect(message).toContain('not on PATH: javac, java');
      expect(message).toContain('install a JDK 17 or newer and Maven');
    }
  });

  it('says why a build failed, without addresses of registries', async () => {
    await writeFile(join(bin, 'go'), '#!/bin/sh\necho "get https://user:secret@registry.test/x: no"; exit 3\n');
    await chmod(join(bin, 'go'), 0o755);
    const message = await messageOf(findPart(TEMPORAL_RECIPE, machine));
    expect(message).toContain('go ended with 3');
    expect(message).toContain('get (address) no');
    expect(message).not.toContain('registry.test');
  });
});

async function messageOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('It should have failed');
}

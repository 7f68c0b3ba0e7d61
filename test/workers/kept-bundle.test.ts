import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keptBundle } from '../../workers/kept-bundle.ts';
import { bundleEntries, bundleWorkflows, keepBundlesIn } from '../../workers/workflow-bundle.ts';

let home: string;
let folder: string;
let source: string;
let made: number;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'waybill-kept-'));
  folder = join(home, 'kept');
  source = join(home, 'source.ts');
  made = 0;
  await write('one');
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** A moment before anything is made of it. */
async function write(text: string): Promise<void> {
  await writeFile(source, text);
  await sleep(200);
}

const bundled = async (during: () => Promise<void> = async () => undefined): Promise<string> => {
  const { code } = await keptBundle(folder, 'entry.ts', async () => {
    made += 1;
    await during();
    return { bundle: { code: `bundle ${made}`, sourceMap: '' }, read: [home, source] };
  });
  return code;
};

describe('a kept bundle', () => {
  it('is made once as long as its sources hold the same', async () => {
    expect([await bundled(), await bundled()]).toEqual(['bundle 1', 'bundle 1']);
    const touched = new Date(Date.now() + 60_000);
    await utimes(source, touched, touched);
    expect(await bundled()).toBe('bundle 1');
  });

  it('is made again, in place of the old one, when a source holds something else or is gone', async () => {
    await bundled();
    await write('two');
    expect([await bundled(), await bundled()]).toEqual(['bundle 2', 'bundle 2']);
    await rm(source);
    expect(await bundled()).toBe('bundle 3');
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('is not kept when a source was written while it was made', async () => {
    expect(await bundled(() => write('two'))).toBe('bundle 1');
    expect(await bundled()).toBe('bundle 2');
    expect(await bundled()).toBe('bundle 2');
  });

  it('that is damaged is made again', async () => {
    await bundled();
    for (const name of await readdir(folder)) await writeFile(join(folder, name), '{"digest":');
    expect([await bundled(), await bundled()]).toEqual(['bundle 2', 'bundle 2']);
  });

  it('is made every time when the folder cannot be written', async () => {
    await writeFile(folder, 'a file, not a folder');
    expect([await bundled(), await bundled()]).toEqual(['bundle 1', 'bundle 2']);
  });

  it('is of one entry: another one has its own', async () => {
    await mkdir(folder);
    await bundled();
    const other = { bundle: { code: 'other', sourceMap: '' }, read: [source] };
    expect((await keptBundle(folder, 'other.ts', () => Promise.resolve(other))).code).toBe('other');
    expect(await bundled()).toBe('bundle 1');
  });

  it('of workflows is to the byte what a bundling without the folder makes', async () => {
    const fresh = await bundleWorkflows(bundleEntries.books);
    keepBundlesIn(folder);
    const first = await bundleWorkflows(bundleEntries.books);
    expect(await readdir(folder)).toHaveLength(1);
    const again = await bundleWorkflows(bundleEntries.books);
    expect([first.code === fresh.code, again.code === fresh.code]).toEqual([true, true]);
  }, 60_000);
});

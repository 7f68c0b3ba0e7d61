import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withLock } from '../../dev/stack/lock.mjs';

const LOCK_MODULE = new URL('../../dev/stack/lock.mjs', import.meta.url).href;
let folder = '';
let file = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-lock-'));
  file = join(folder, 'part.lock');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('withLock', () => {
  it('lets one in at a time and leaves nothing behind', async () => {
    let inside = 0;
    let most = 0;
    let waited = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(20);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withLock(file, work, () => (waited += 1))));
    expect(most).toBe(1);
    expect(waited).toBe(4);
    expect(await readdir(folder)).toEqual([]);
  });

  it('gives the result and the error of the work, and unlocks', async () => {
    expect(await withLock(file, () => Promise.resolve(7))).toBe(7);
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readdir(folder)).toEqual([]);
  });

  it('keeps processes apart', async () => {
    const journal = join(folder, 'journal');
    const script = `
      import { appendFileSync } from 'node:fs';
      import { setTimeout as sleep } from 'node:timers/promises';
      import { withLock } from ${JSON.stringify(LOCK_MODULE)};
      for (let i = 0; i < 3; i++) await withLock(${JSON.stringify(file)}, async () => {
        appendFileSync(${JSON.stringify(journal)}, 'in\\n');
        await sleep(5);
        appendFileSync(${JSON.stringify(journal)}, 'out\\n');
      });`;
    const runs = Array.from({ length: 3 }, () => once(startNode(script), 'exit'));
    expect(await Promise.all(runs)).toEqual(runs.map(() => [0, null]));
    const entries = (await readFile(journal, 'utf8')).trim().split('\n');
    expect(entries).toEqual(Array.from({ length: 9 }, () => ['in', 'out']).flat());
  });

  it('breaks the lock of a process that was killed, for one successor only', async () => {
    const owner = startNode(`import { withLock } from ${JSON.stringify(LOCK_MODULE)};
      await withLock(${JSON.stringify(file)}, () => { console.log('locked'); return new Promise((r) => setTimeout(r, 60_000)); });`);
    await once(owner.stdout, 'data');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    let inside = 0;
    const work = async (): Promise<number> => {
      inside += 1;
      await sleep(30);
      return inside--;
    };
    expect(await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)])).toEqual([1, 1, 1]);
  });

  it('waits for an owner on another machine', async () => {
    await writeFile(file, JSON.stringify({ pid: 1, host: `not-${hostname()}`, token: 'theirs' }));
    const entered = withLock(file, () => Promise.resolve('in'));
    expect(await Promise.race([entered, sleep(400, 'waiting')])).toBe('waiting');
    await rm(file);
    expect(await entered).toBe('in');
  });
});

function startNode(script: string): ReturnType<typeof spawn> & { stdout: NodeJS.ReadableStream } {
  return spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
}

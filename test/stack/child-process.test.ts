import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { runChild, startChild } from '../../dev/stack/child-process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const env = process.env;

describe('startChild', () => {
  it('tells how a program ended and what it said last', async () => {
    const child = startChild('/bin/sh', ['-c', 'echo one; echo two >&2; exit 3'], { env });
    expect(await child.ended).toEqual({ code: 3, signal: null });
    expect(child.tail().split('\n').sort()).toEqual(['one', 'two']);
  });

  it('a program that does not exist ends with 127', async () => {
    const child = startChild('/does/not/exist', [], { env });
    expect((await child.ended).code).toBe(127);
    await expect(runChild('/does/not/exist', [], { env })).rejects.toThrow('ENOENT');
  });

  it('stop lets the program finish, kill does not, and neither leaves its children', async () => {
    for (const how of ['stop', 'kill'] as const) {
      const lines: string[] = [];
      const script = 'trap "echo bye; exit 0" TERM; sleep 300 & echo $!; wait';
      const child = startChild('/bin/sh', ['-c', script], { env, onLine: (line) => lines.push(line) });
      const grandchild = await eventually(() => Number(lines[0] ?? Number.NaN) || null);
      await child[how]();
      await eventually(() => (isAlive(grandchild) ? null : true));
      expect(lines.includes('bye')).toBe(how === 'stop');
    }
  });

  it.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('children end when the parent gets %s', async (signal) => {
    const parent = startParent(`
      const child = startChild('/bin/sh', ['-c', 'echo $$; sleep 300 & echo $!; wait'], { env: process.env, onLine: console.log });
      await child.ended;`);
    const pids = await firstNumbers(parent, 2);
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill(signal);
    await once(parent, 'exit');
    await eventually(() => (pids.some(isAlive) ? null : true));
  });

  it('children end when the parent crashes', async () => {
    const parent = startParent(`
      startChild('/bin/sh', ['-c', 'echo $$; exec sleep 300'], { env: process.env, onLine: (line) => {
        process.stdout.write(line + '\\n', () => { throw new Error('crash'); });
      } });`);
    const [pid] = await firstNumbers(parent, 1);
    await eventually(() => (isAlive(pid ?? 0) ? null : true));
  });
});

type Parent = ChildProcessByStdio<null, Readable, null>;

function startParent(body: string): Parent {
  const script = `import { startChild } from ${JSON.stringify(`${ROOT}dev/stack/child-process.ts`)};${body}`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', script];
  return spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...env, NODE_OPTIONS: undefined },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function firstNumbers(parent: Parent, count: number): Promise<number[]> {
  let text = '';
  parent.stdout.on('data', (data: Buffer) => (text += data.toString()));
  return eventually(() => {
    const numbers = text.trim().split('\n').map(Number);
    return numbers.length === count && text.endsWith('\n') ? numbers : null;
  });
}

/** The first value that is not null; fails after 10 s. */
async function eventually<T>(look: () => T | null): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const value = look();
    if (value !== null) return value;
    await sleep(25);
  }
  throw new Error('It did not happen within 10 s');
}

/** A process that has ended but was not yet collected by init, which may take seconds in a container, is not alive. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !(existsSync('/proc/self/stat') && /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
  } catch {
    return false;
  }
}

import { fileURLToPath } from 'node:url';
import { startChild } from '../stack/child-process.ts';
import type { Child } from '../stack/child-process.ts';

/** One of our own programs as a child: it can be killed and started again, as an operator (or a crash) would. */
export interface NodeProcess {
  /** SIGKILL, as a crash: nothing is closed, nothing is finished. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves with its ready line. */
  start(): Promise<string>;
}

export interface NodeProgram {
  readonly name: string;
  /** Path from the root of the repository. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Tells the line by which the program says that it is ready. */
  readonly isReady: (line: string) => boolean;
  readonly onLine?: (line: string) => void;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const readyMs = 60_000;

export function nodeProcess(program: NodeProgram): NodeProcess {
  let child: Child | null = null;

  async function start(): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const ready = new Promise<string>((resolve, reject) => {
      const started = startChild(
        process.execPath,
        ['--import', 'tsx', `${root}${program.script}`, ...(program.args ?? [])],
        {
          cwd: root,
          env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TZ: 'UTC', ...program.env },
          onLine: (line) => {
            program.onLine?.(line);
            if (program.isReady(line)) resolve(line);
          },
          onErrorLine: (line) => program.onLine?.(line),
        },
      );
      child = started;
      void started.ended.then(() => reject(new Error(`${program.name} ended before it was ready\n${started.tail()}`)));
      timer = setTimeout(
        () => reject(new Error(`${program.name} was not ready in ${readyMs / 1000} s\n${started.tail()}`)),
        readyMs,
      );
    });
    return ready.finally(() => clearTimeout(timer));
  }

  const end = async (how: 'kill' | 'stop'): Promise<void> => {
    await child?.[how]();
    child = null;
  };

  return { start, kill: () => end('kill'), stop: () => end('stop') };
}

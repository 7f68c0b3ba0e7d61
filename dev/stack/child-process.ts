import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const WATCHDOG = fileURLToPath(new URL('./watchdog.mjs', import.meta.url));
const TAIL_LINES = 30;

/** How a child ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that runs beside us and never outlives us. */
export interface Child {
  /** Settles when the program has ended for any reason; never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** The last lines of its output, for error messages. */
  readonly tail: () => string;
  /** Asks it to end (SIGTERM), kills it after 5 s. Resolves when it has ended. */
  readonly stop: () => Promise<void>;
  /** Kills it at once (SIGKILL). Resolves when it has ended. */
  readonly kill: () => Promise<void>;
}

/** What may be said about a child. */
export interface ChildOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called with every line of standard output. */
  readonly onLine?: (line: string) => void;
  /** Called with every line of standard error. */
  readonly onErrorLine?: (line: string) => void;
}

/**
 * Starts a program under a watchdog: it ends with this process, even if this process is killed by SIGKILL.
 * A program that cannot be started counts as one that ended with code 127.
 */
export function startChild(program: string, args: readonly string[], options: ChildOptions): Child {
  const watchdog = spawn(process.execPath, [WATCHDOG, program, ...args], {
    env: withoutNodeOptions(options.env),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const lines: string[] = [];
  const keep = (line: string): void => {
    lines.push(line);
    if (lines.length > TAIL_LINES) lines.shift();
  };
  readLines(watchdog.stdout, (line) => {
    keep(line);
    options.onLine?.(line);
  });
  readLines(watchdog.stderr, (line) => {
    keep(line);
    options.onErrorLine?.(line);
  });
  watchdog.stdin.on('error', () => undefined); // it was gone before we closed the pipe
  const killGroup = (): void => {
    if (watchdog.pid === undefined) return;
    try {
      process.kill(-watchdog.pid, 'SIGKILL');
    } catch {
      // Nobody is left in the group.
    }
  };
  const ended = new Promise<ChildEnd>((resolve) => {
    watchdog.once('error', (error) => {
      keep(error.message);
      resolve({ code: 127, signal: null });
    });
    watchdog.once('exit', killGroup); // a watchdog that was killed itself leaves its program behind
    watchdog.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  return {
    ended,
    tail: () => lines.join('\n'),
    stop: async () => {
      watchdog.stdin.end();
      await ended;
    },
    kill: async () => {
      killGroup();
      await ended;
    },
  };
}

/** Runs a program to its end. Throws, with the end of its output, when it fails. */
export async function runChild(program: string, args: readonly string[], options: ChildOptions): Promise<void> {
  const child = startChild(program, args, options);
  const { code, signal } = await child.ended;
  if (code !== 0) throw new Error(`${program} ended with ${code ?? signal ?? 'an unknown error'}\n${child.tail()}`);
}

/** Jest's or tsx's node flags are meant for the parent, not for a watchdog that should start fast. */
function withoutNodeOptions(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, NODE_OPTIONS: undefined };
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream }).on('line', onLine);
}

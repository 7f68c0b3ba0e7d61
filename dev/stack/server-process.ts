import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from './child-process.ts';
import type { Machine } from './machine.ts';

/** What to start and how to see that it is ready. */
export interface ServerCommand {
  /** Name in log lines and errors. */
  readonly part: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Resolves when the server answers; is told to give up by the signal. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
}

/** A server that can be put down and started again with the same command. */
export interface ServerProcess {
  /** SIGTERM, then SIGKILL after 5 s. */
  readonly stop: () => Promise<void>;
  /** SIGKILL. */
  readonly kill: () => Promise<void>;
  /** Starts it again after `stop` or `kill`; resolves when it is ready. */
  readonly start: () => Promise<void>;
}

const READY_MS = 60_000;

/** Starts a server and waits until it is ready. Throws, with its last output, when it ends before or takes over 60 s. */
export async function startServer(command: ServerCommand, machine: Machine): Promise<ServerProcess> {
  let child = await launch(command, machine);
  const end = async (how: 'stop' | 'kill'): Promise<void> => {
    child.expected = true;
    await child.process[how]();
  };
  return {
    stop: () => end('stop'),
    kill: () => end('kill'),
    start: async () => {
      child = await launch(command, machine);
    },
  };
}

interface Running {
  readonly process: Child;
  /** Its end is our own doing. */
  expected: boolean;
}

async function launch(command: ServerCommand, machine: Machine): Promise<Running> {
  const child = startChild(command.program, command.args, { env: machine.env });
  const giveUp = new AbortController();
  const failed = (what: string): Error => new Error(`${command.part}: ${what}\n${child.tail()}`);
  try {
    await Promise.race([
      command.ready(giveUp.signal),
      child.ended.then(() => Promise.reject(failed('ended before it was ready'))),
      sleep(READY_MS, undefined, { signal: giveUp.signal }).then(() => Promise.reject(failed('not ready in 60 s'))),
    ]);
  } catch (error) {
    await child.kill();
    throw error;
  } finally {
    giveUp.abort();
  }
  const running: Running = { process: child, expected: false };
  void child.ended.then(() => {
    if (!running.expected) machine.log(failed('ended unexpectedly').message);
  });
  return running;
}

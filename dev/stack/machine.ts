import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What the parts of the stack see of the computer they run on; tests pass another one. */
export interface Machine {
  readonly env: NodeJS.ProcessEnv;
  /** Gets one line per part, and progress lines while something is built or downloaded. */
  readonly log: (line: string) => void;
  /** Milliseconds that a server named in the environment has to answer. */
  readonly answerMs: number;
}

/** The computer that we run on. */
export function thisMachine(log: (line: string) => void, env: NodeJS.ProcessEnv = process.env): Machine {
  return { env, log, answerMs: 5_000 };
}

/** Path of a program on PATH, or null. */
export function findOnPath(name: string, env: NodeJS.ProcessEnv): string | null {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (folder === '') continue;
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** Value of an environment variable; an empty one counts as not set. */
export function setting(name: string, env: NodeJS.ProcessEnv): string | null {
  const value = env[name]?.trim();
  return value === undefined || value === '' ? null : value;
}

import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder of Waybill's own cache: programs that were downloaded or built for the stack. Not created here. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'waybill');
}

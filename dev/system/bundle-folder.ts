import { join } from 'node:path';
import { cacheFolder } from '../stack/cache-folder.ts';

/** Where workers of development and tests keep their workflow bundles between starts (workers/kept-bundle.ts). */
export function bundleFolder(): string {
  return join(cacheFolder(process.env), 'workflow-bundles');
}

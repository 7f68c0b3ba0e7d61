import { keepBundlesIn } from '../../workers/workflow-bundle.ts';

/** `main.ts <folder>`: the worker of `npm start`, with its bundles kept in the folder, as one that starts often wants it. */
const folder = process.argv[2];
if (folder === undefined) throw new Error('which folder are the bundles kept in?');
keepBundlesIn(folder);
await import('../../workers/main.ts');

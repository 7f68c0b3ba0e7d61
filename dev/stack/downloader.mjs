// downloader.mjs <temporal|mongodb|test-server> <folder>: the ordinary download of a part; prints the path of the program.
// Its own process, because neither library can be given a time limit, and because Temporal's native runtime
// can be set up once per process only and that is for the worker to do.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

const [part, folder] = process.argv.slice(2);

async function downloadMongod() {
  const { MongoBinary } = await import('mongodb-memory-server-core');
  return MongoBinary.getPath({ downloadDir: folder });
}

async function downloadTemporal(create) {
  const environment = await create({ server: { executable: { type: 'cached-download', downloadDir: folder } } });
  await environment.teardown();
  const [file] = await readdir(folder);
  return join(folder, file);
}

if (part === 'mongodb') {
  console.log(await downloadMongod());
} else {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const create = part === 'temporal' ? 'createLocal' : 'createTimeSkipping';
  console.log(await downloadTemporal((options) => TestWorkflowEnvironment[create](options)));
}
process.exit(0); // the native runtime keeps threads

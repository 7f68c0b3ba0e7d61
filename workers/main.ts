import { ConfigError, readConfig } from './config.ts';
import { installRuntime, openWorkerProcess } from './worker-process.ts';

/** `npm start`: one production worker, until it is told to stop. */
async function main(): Promise<void> {
  const config = readConfig();
  installRuntime(config);
  const { run, close } = await openWorkerProcess(config);
  console.log('worker: ready');
  try {
    await run();
  } finally {
    await close();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});

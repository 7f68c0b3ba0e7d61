import { pino } from 'pino';
import { ConfigError, readConfig } from '../workers/config.ts';
import { openDependencies } from '../workers/dependencies.ts';
import { openClient } from '../workers/temporal-connection.ts';
import { composeApi } from './compose-api.ts';

/** `npm run api`: the HTTP API, until it is told to stop. Composed like a worker (docs/adr/0001). */
async function main(): Promise<void> {
  const config = readConfig();
  const dependencies = await openDependencies(config);
  const { client, close: closeTemporal } = openClient(config.temporal);
  const app = await composeApi({
    ...{ config, dependencies },
    temporal: client,
    now: () => new Date().toISOString(),
    log: pino({ level: config.logLevel }),
  });
  const stop = async (): Promise<void> => {
    await app.close();
    await closeTemporal();
    await dependencies.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  console.log(`api: ready at ${await app.listen(config.http)}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});

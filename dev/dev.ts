import { parseArgs } from 'node:util';
import { startSystem } from './system/start-system.ts';

/** `npm run dev [-- --json] [--port N] [--data DIR]`: everything stays up until Ctrl-C. */
const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, port: { type: 'string' }, data: { type: 'string' } },
});

const system = await startSystem({
  log: (line) => console.error(line),
  onLine: (line) => console.error(line),
  ui: true,
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
  ...(values.data === undefined ? {} : { dataFolder: values.data }),
});

const ready = {
  ready: true,
  api: system.api,
  apiKey: system.apiKey,
  temporal: system.stack.temporal.address,
  temporalUi: system.stack.temporal.uiUrl,
  sandbox: system.sandbox,
  inbox: system.inbox,
  mongodb: system.stack.mongodb.uri,
};
if (values.json) console.log(JSON.stringify(ready));
else
  console.log(
    [
      'Waybill is up. Ctrl-C ends it.',
      `  API          ${ready.api}  (Authorization: Bearer ${ready.apiKey})`,
      `  API docs     ${ready.api}/docs`,
      `  Temporal UI  ${ready.temporalUi ?? 'not started'}`,
      `  Sandbox      ${ready.sandbox}`,
      `  Inbox        ${ready.inbox}`,
      `  MongoDB      ${ready.mongodb}`,
    ].join('\n'),
  );

await new Promise<void>((resolve) => {
  process.once('SIGINT', () => resolve());
  process.once('SIGTERM', () => resolve());
});
await system.stop();

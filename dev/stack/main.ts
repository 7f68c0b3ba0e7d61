import { startStack } from './stack.ts';

// `npm run stack`: the stack stays up until Ctrl-C; its addresses are one JSON line on stdout.
const stack = await startStack({ log: (line) => process.stderr.write(`${line}\n`), ui: true });
console.log(
  JSON.stringify({
    temporal: stack.temporal.address,
    temporalUi: stack.temporal.uiUrl,
    mongodb: stack.mongodb.uri,
  }),
);
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void stack.stop().then(() => process.exit(0));
  });
}

import { parseArgs } from 'node:util';
import { createSandbox } from './create-sandbox.ts';

/** The partners as a process of their own, so that killing a worker does not kill them. */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    'smtp-port': { type: 'string', default: '0' },
    'webhook-url': { type: 'string' },
    'duplicate-webhooks': { type: 'boolean', default: false },
  },
});

const secret = process.env['SANDBOX_WEBHOOK_SECRET'];
const webhookUrl = values['webhook-url'];
const sandbox = await createSandbox({
  port: Number(values.port),
  smtpPort: Number(values['smtp-port']),
  duplicateWebhooks: values['duplicate-webhooks'],
  ...(webhookUrl === undefined ? {} : { webhookUrl }),
  ...(secret === undefined ? {} : { webhookSecret: secret }),
});

const ready = { sandbox: sandbox.url, inbox: sandbox.inboxUrl, smtp: sandbox.smtpUrl };
console.log(
  values.json ? JSON.stringify(ready) : `Sandbox ${ready.sandbox}\nInbox   ${ready.inbox}\nSMTP    ${ready.smtp}`,
);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void sandbox.close().then(() => process.exit(0));
  });

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Collection } from 'mongodb';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import { createSmtpTransport } from '../../../services/messages/adapters/smtp/smtp-transport.ts';
import type { MailTransport } from '../../../services/messages/mail-transport.ts';
import { messagePreviews } from '../../../services/messages/message-previews.ts';
import { createMessageRenderer } from '../../../services/messages/message-renderer.ts';
import { createMessageService } from '../../../services/messages/message-service.ts';
import type { MessageServiceDependencies } from '../../../services/messages/message-service.ts';
import { messages } from '../../../services/messages/message-store.ts';
import type { MessageDocument } from '../../../services/messages/message-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { openTestDatabase } from '../../support/mongo.ts';

const now = '2026-11-21T10:00:00.000Z';
const renderer = createMessageRenderer({ brand: 'Waybill', imprint: ['Waybill Commerce Ltd'] });

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let records: Collection<MessageDocument>;
beforeAll(async () => {
  database = await openTestDatabase();
  records = collectionOf(database.db, messages);
  await records.createIndexes([...messages.indexes]);
});
afterAll(() => database.close());

/** A mail server in this process; `behaviour` decides what it says to recipients and to mails. */
interface MailServer {
  readonly received: Email[];
  readonly behaviour: { recipient: number; message: number };
  readonly transport: MailTransport;
  close(): Promise<void>;
}

async function openMailServer(): Promise<MailServer> {
  const received: Email[] = [];
  const behaviour = { recipient: 250, message: 250 };
  const answer = (code: number, address: string) =>
    Object.assign(new Error(`not for ${address}`), { responseCode: code });
  const options: SMTPServerOptions = {
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo(address, _session, callback) {
      callback(behaviour.recipient === 250 ? null : answer(behaviour.recipient, address.address));
    },
    onData(stream, _session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (behaviour.message !== 250) return callback(answer(behaviour.message, 'this mail'));
        void PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
          received.push(mail);
          callback(null);
        });
      });
    },
  };
  const server = new SMTPServer(options);
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo; // A TCP server's address is never a pipe name.
  const transport = createSmtpTransport({
    url: `smtp://127.0.0.1:${port}`,
    from: { name: 'Waybill', address: 'orders@waybill.example' },
    connections: 2,
    dkim: null,
  });
  return {
    received,
    behaviour,
    transport,
    close: async () => {
      await transport.close();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

let mail: MailServer;
beforeEach(async () => {
  await records.deleteMany({});
  mail = await openMailServer();
});
afterEach(() => mail.close());

function serviceWith(change: Partial<MessageServiceDependencies> = {}) {
  return createMessageService({
    db: database.db,
    transport: mail.transport,
    renderer,
    loadContext: ({ template }) => Promise.resolve(messagePreviews[template]),
    messageIdDomain: 'waybill.example',
    clock: () => new Date(),
    ...change,
  });
}

function confirmed(orderId = 'o1') {
  return {
    fact: `order/${orderId}/sale`,
    template: 'order_confirmed',
    orderId,
    locale: 'de',
    to: 'ada@example.org',
    at: now,
  } as const;
}

describe('queueing a message', () => {
  it('writes it once per fact, channel and recipient', async () => {
    const service = serviceWith();
    const answers = await Promise.all(Array.from({ length: 8 }, () => service.queue(confirmed())));
    expect(answers.filter((answer) => answer === 'queued')).toHaveLength(1);
    expect(await service.queue({ ...confirmed(), to: 'second@example.org' })).toBe('queued');
    expect(await records.countDocuments()).toBe(2);
    for (const record of await records.find({}).toArray()) {
      expect(messages.schema.safeParse(record).error).toBeUndefined();
    }
  });

  it('refuses a second message about the same fact that says something else', async () => {
    const service = serviceWith();
    await service.queue(confirmed());
    await expect(service.queue({ ...confirmed(), template: 'payment_declined' })).rejects.toMatchObject({
      code: 'message.conflict',
    });
  });
});

describe('sending', () => {
  it('sends what is queued for the order, with both parts, attachments and a Message-ID of the record', async () => {
    const service = serviceWith();
    await service.queue(confirmed());
    await service.queue(confirmed('o2'));
    expect(await service.sendQueued('o1', now)).toEqual({ sent: 1 });
    expect(await service.sendQueued('o1', now)).toEqual({ sent: 0 });
    expect(mail.received).toHaveLength(1);
    const [received] = mail.received;
    const [record] = await service.listByOrder('o1');
    expect(received?.messageId).toBe(record?.messageId);
    expect(received?.subject).toBe('Bestellung 7F3K-92QX-M4TN-8WRB bestätigt');
    expect(received?.to?.[0]?.address).toBe('ada@example.org');
    expect(received?.html).toContain('EDIT-1111-2222');
    expect(received?.text).toContain('EDIT-1111-2222');
    expect(received?.attachments.map(({ filename }) => filename)).toEqual(['cheat-sheet.pdf']);
    expect(received?.date).toBe(now);
    expect(record).toMatchObject({ status: 'sent', attempts: 1 });
    expect((await records.findOne({ orderId: 'o2' }))?.status).toBe('queued');
  });

  it('sends once when two senders come at the same time, and the loser is told to come again', async () => {
    const [first, second] = [serviceWith(), serviceWith()];
    await first.queue(confirmed());
    const answers = await Promise.allSettled([first.sendQueued('o1', now), second.sendQueued('o1', now)]);
    expect(mail.received).toHaveLength(1);
    const sent = answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.sent : 0));
    expect(sent.reduce((a, b) => a + b, 0)).toBe(1);
    for (const answer of answers) {
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ code: 'message.in_progress' });
    }
    expect(await second.sendQueued('o1', now)).toEqual({ sent: 0 });
    expect(mail.received).toHaveLength(1);
  });

  it('sends again after a crash between send and mark, only when the lease has run out and under the same Message-ID', async () => {
    let dead = false;
    /** The server has the mail; the process never gets to write that down. */
    const dying: MailTransport = {
      send: async (one) => {
        await mail.transport.send(one);
        dead = true;
        await new Promise(() => undefined);
      },
      close: () => Promise.resolve(),
    };
    const crashed = serviceWith({ transport: dying });
    await crashed.queue(confirmed());
    void crashed.sendQueued('o1', now);
    while (!dead) await new Promise((resolve) => setTimeout(resolve, 10));

    await expect(serviceWith().sendQueued('o1', now)).rejects.toMatchObject({ code: 'message.in_progress' });
    expect(mail.received).toHaveLength(1);

    const later = serviceWith({ clock: () => new Date(Date.now() + 61_000) });
    expect(await later.sendQueued('o1', now)).toEqual({ sent: 1 });
    expect(mail.received).toHaveLength(2);
    expect(mail.received[0]?.messageId).toBe(mail.received[1]?.messageId);
    expect((await service().listByOrder('o1'))[0]).toMatchObject({ status: 'sent', attempts: 2 });
  });

  it('gives a mail up for good when the server refuses the recipient, without naming anybody', async () => {
    const one = service();
    await one.queue(confirmed());
    mail.behaviour.recipient = 550;
    const error = await one.sendQueued('o1', now).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'message.refused' });
    expect(String(error)).not.toContain('ada@');
    expect(await records.findOne({})).toMatchObject({ status: 'failed', refusal: 550, leaseUntil: null });
    mail.behaviour.recipient = 250;
    expect(await one.sendQueued('o1', now)).toEqual({ sent: 0 });
  });

  it('keeps a mail for later when the server is busy or gone, and sends it then', async () => {
    const one = service();
    await one.queue(confirmed());
    mail.behaviour.message = 451;
    await expect(one.sendQueued('o1', now)).rejects.toMatchObject({ code: 'message.transport_unavailable' });
    expect(await records.findOne({})).toMatchObject({ status: 'queued', attempts: 1 });

    const gone = createSmtpTransport({
      url: 'smtp://127.0.0.1:1',
      from: { name: 'Waybill', address: 'orders@waybill.example' },
      connections: 1,
      dkim: null,
    });
    await expect(serviceWith({ transport: gone }).sendQueued('o1', now)).rejects.toMatchObject({
      code: 'message.transport_unavailable',
    });
    await gone.close();

    mail.behaviour.message = 250;
    expect(await one.sendQueued('o1', now)).toEqual({ sent: 1 });
    expect(mail.received).toHaveLength(1);
  });

  it('does not let one refused mail hold up the others of the order', async () => {
    const one = service();
    await one.queue(confirmed());
    await one.queue({
      ...confirmed(),
      fact: 'order/o1/late',
      template: 'delivery_ready',
      at: '2026-11-22T00:00:00.000Z',
    });
    const failOnce: MailTransport = {
      send: async (message) => {
        if (message.subject.includes('bestätigt')) mail.behaviour.recipient = 550;
        try {
          await mail.transport.send(message);
        } finally {
          mail.behaviour.recipient = 250;
        }
      },
      close: () => Promise.resolve(),
    };
    await expect(serviceWith({ transport: failOnce }).sendQueued('o1', now)).rejects.toMatchObject({
      code: 'message.refused',
    });
    expect((await one.listByOrder('o1')).map(({ status }) => status)).toEqual(['failed', 'sent']);
  });

  it('tries again after the content could not be read', async () => {
    const broken = serviceWith({ loadContext: () => Promise.reject(new Error('database gone')) });
    await broken.queue(confirmed());
    await expect(broken.sendQueued('o1', now)).rejects.toThrow('database gone');
    expect(await service().sendQueued('o1', now)).toEqual({ sent: 1 });
  });

  const service = () => serviceWith();
});

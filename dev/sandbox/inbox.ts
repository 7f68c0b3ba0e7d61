import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Faults } from './faults.ts';
import { slowMs } from './faults.ts';

export interface InboxAttachment {
  readonly filename: string | null;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** Base64. */
  readonly content: string;
}

/** A mail as it arrived; `to` is the envelope, several recipients joined by ", ". */
export interface InboxMessage {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly messageId: string | null;
  readonly at: string;
  /** Names in lower case; a repeated header is joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly InboxAttachment[];
}

/** What the mail faults of the sandbox answer: temporary, so that a sender tries again. */
class TemporarySmtpError extends Error {
  readonly responseCode = 451;
}

/** An SMTP server that keeps what it gets and delivers nothing. */
export function createInbox(faults: Faults) {
  const messages: InboxMessage[] = [];
  const sockets = new Map<number, Socket>();

  async function keep(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer)); // streams are typed as any
    const fault = faults.draw('smtp');
    if (fault === 'error') throw new TemporarySmtpError('4.3.0 Try again later');
    if (fault === 'timeout') return new Promise<never>(() => undefined);
    messages.push(await readMessage(Buffer.concat(chunks), session));
    if (fault === 'slow') await delay(slowMs);
    if (fault === 'lost_response') {
      sockets.get(session.remotePort)?.destroy();
      return new Promise<never>(() => undefined);
    }
  }

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData: (stream, session, callback) => {
      keep(stream, session).then(
        () => callback(null, 'kept in the sandbox inbox'),
        (error: unknown) => callback(error instanceof Error ? error : new Error('not a mail')),
      );
    },
  });
  smtp.server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    sockets.set(port, socket);
    socket.on('close', () => sockets.delete(port));
  });
  smtp.on('error', () => undefined); // a client that hangs up is not our problem

  return {
    listen: (port: number) =>
      new Promise<string>((resolve, reject) => {
        smtp.server.once('error', reject);
        const server = smtp.listen(port, '127.0.0.1', () => {
          const address = server.address();
          if (address === null || typeof address === 'string') return reject(new Error('no TCP address'));
          resolve(`smtp://127.0.0.1:${address.port}`);
        });
      }),
    list: (to?: string) =>
      messages.filter((message) => to === undefined || message.to.toLowerCase().split(', ').includes(to.toLowerCase())),
    find: (id: string) => messages.find((message) => message.id === id) ?? null,
    clear: () => {
      messages.length = 0;
    },
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets.values()) socket.destroy();
        smtp.close(() => resolve());
      }),
  };
}

export type Inbox = ReturnType<typeof createInbox>;

async function readMessage(raw: Buffer, session: SMTPServerSession): Promise<InboxMessage> {
  const mail = await PostalMime.parse(raw, { attachmentEncoding: 'base64' });
  const headers: Record<string, string> = {};
  for (const { key, value } of mail.headers) headers[key] = key in headers ? `${headers[key]}, ${value}` : value;
  return {
    id: randomUUID(),
    from: session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address,
    to: session.envelope.rcptTo.map(({ address }) => address).join(', '),
    subject: mail.subject ?? '',
    text: mail.text ?? null,
    html: mail.html ?? null,
    messageId: mail.messageId ?? null,
    at: new Date().toISOString(),
    headers,
    attachments: mail.attachments.map(({ filename, mimeType, content }) => {
      const bytes = typeof content === 'string' ? Buffer.from(content, 'base64') : Buffer.from(new Uint8Array(content));
      return { filename, contentType: mimeType, size: bytes.length, content: bytes.toString('base64') };
    }),
  };
}

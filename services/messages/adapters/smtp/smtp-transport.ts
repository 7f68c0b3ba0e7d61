import { createTransport } from 'nodemailer';
import { Failure } from '../../../../domain/failures.ts';
import { MailRefused } from '../../mail-transport.ts';
import type { MailTransport } from '../../mail-transport.ts';

export interface SmtpConfig {
  /** smtp://user:password@host:port or smtps://… */
  readonly url: string;
  readonly from: { readonly name: string; readonly address: string };
  /** Connections kept open; each sends one mail at a time. */
  readonly connections: number;
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null;
}

/** One send is given up after this long: before its lease (message-service.ts) and the activity's attempt end. */
export const smtpTimeLimitMs = 40_000;

/** Mail over a pool of SMTP connections. Nothing is read from disk or from the network on behalf of a mail's content. */
export function createSmtpTransport(config: SmtpConfig): MailTransport {
  const { dkim } = config;
  const mailer = createTransport({
    ...serverOf(config.url),
    pool: true,
    maxConnections: config.connections,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dkim === null
      ? {}
      : { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
  });
  return {
    async send(mail) {
      try {
        await mailer.sendMail({
          from: { ...config.from },
          to: { name: '', address: mail.to },
          messageId: mail.messageId,
          date: new Date(mail.date),
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          attachments: mail.attachments.map(({ filename, contentType, content }) => ({
            filename,
            contentType,
            content: Buffer.from(content),
          })),
          // RFC 3834: keeps out-of-office answers away. Transactional mail has no unsubscribe (domain-rules §11).
          headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': mail.language },
          signal: AbortSignal.timeout(smtpTimeLimitMs),
        });
      } catch (error) {
        throw smtpFailure(error);
      }
    },
    close: () => Promise.resolve(mailer.close()),
  };
}

function serverOf(url: string) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const secure = protocol === 'smtps:';
  const server = { host: hostname, port: port === '' ? (secure ? 465 : 587) : Number(port), secure };
  if (username === '') return server;
  return { ...server, auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } };
}

/**
 * A 5xx answer to the envelope or the message is final for this mail. Everything else (connection, time-out, 4xx, and a
 * refused login, which is our configuration and not the recipient) may go well later. Server texts are dropped: they
 * often quote the address.
 */
function smtpFailure(error: unknown): Failure {
  const code = property(error, 'code');
  const replyCode = property(error, 'responseCode');
  const aboutThisMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (aboutThisMail && typeof replyCode === 'number' && replyCode >= 500) return new MailRefused(replyCode);
  const detail = [code, replyCode].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
  return new Failure(
    'message.transport_unavailable',
    `The mail server did not take the message (${detail || 'no code'})`,
  );
}

function property(value: unknown, name: 'code' | 'responseCode'): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}

import { Failure } from '../../domain/failures.ts';
import type { MessageAttachment } from '../../domain/message/message.ts';

export interface Mail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly language: string;
  /** Business time, for the Date header; ISO 8601 UTC. */
  readonly date: string;
  readonly attachments: readonly MessageAttachment[];
}

/** Port of whatever accepts mail for delivery. */
export interface MailTransport {
  /**
   * Resolves when the server has taken responsibility for the mail. It may also have done so when this fails with
   * message.transport_unavailable: the same Message-ID then lets mail systems drop the second copy.
   * @throws MailRefused, Failure message.transport_unavailable
   */
  send(mail: Mail): Promise<void>;
  close(): Promise<void>;
}

/** The server said for good that it does not take this mail for this recipient. Says nothing personal. */
export class MailRefused extends Failure {
  readonly replyCode: number;

  constructor(replyCode: number) {
    super('message.refused', `The mail server refused the message with ${replyCode}`);
    this.replyCode = replyCode;
  }
}

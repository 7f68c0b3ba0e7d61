import { facts } from '../../domain/idempotency.ts';
import { orderEvent, orderEvents } from '../../domain/order/order-events.ts';
import type { OrderEvent } from '../../domain/order/order-events.ts';
import type { Kill } from './killer.ts';
import type { OrderTruth, World } from './snapshot.ts';
import { complaints } from './violation.ts';
import type { Complain, Violation } from './violation.ts';

/** Mails that came more than once inside the stated window (services/messages): same Message-ID each. */
export interface RepeatedMails {
  readonly bySenderKilled: number;
  readonly byLostResponse: number;
}

export interface MailTroubles {
  readonly kills: readonly Kill[];
  /** How often the mail server took a mail and its answer was lost. */
  readonly lostResponses: number;
}

export interface MailFindings {
  readonly violations: Violation[];
  readonly repeated: RepeatedMails;
}

/** Every fact of an order that speaks has its mail, which arrived once. */
export function checkMails(world: World, troubles: MailTroubles): MailFindings {
  const inbox = checkInbox(world, troubles);
  const complain = complaints(invariant, inbox.violations);
  for (const order of world.orders) checkMailsOf(order, world, complain);
  return inbox;
}

const invariant = 'every mail, and none twice outside the window';
const look = 'MongoDB: messages; sandbox: /inbox';

/**
 * Every message was sent to its recipient, once. A copy is allowed when the sender was killed inside the send, or when
 * the mail server took the mail and its answer was lost; it carries the Message-ID of the first.
 */
export function checkInbox(
  { messages, mails }: Pick<World, 'messages' | 'mails'>,
  { kills, lostResponses }: MailTroubles,
): MailFindings {
  const violations: Violation[] = [];
  const complain = complaints(invariant, violations);
  let bySenderKilled = 0;
  let byLostResponse = 0;
  for (const { _id, orderId, fact, status, recipient, messageId, attempts } of messages) {
    const copies = mails.filter((mail) => mail.messageId === messageId);
    if (status !== 'sent' || copies.length === 0)
      complain(orderId, `the mail of ${fact} is ${status}, ${copies.length} arrived`, look);
    if (copies.some(({ to }) => to !== recipient)) complain(orderId, `${fact} went to somebody else`, look);
    if (attempts < copies.length)
      complain(orderId, `${copies.length} copies of ${fact} from ${attempts} attempts`, look);
    const more = Math.max(0, copies.length - 1);
    const killed = Math.min(more, kills.filter(({ mailsInFlight }) => mailsInFlight.includes(_id)).length);
    bySenderKilled += killed;
    byLostResponse += more - killed;
  }
  if (byLostResponse > lostResponses)
    complain(null, `${byLostResponse} copies that no kill explains, and only ${lostResponses} lost answers`, look);
  const known = new Set(messages.map(({ messageId }) => messageId));
  for (const { messageId, subject } of mails)
    if (messageId === null || !known.has(messageId)) complain(null, `"${subject}" has no record`, 'sandbox: /inbox');
  return { violations, repeated: { bySenderKilled, byLostResponse } };
}

function checkMailsOf({ view, placed }: OrderTruth, world: World, complain: Complain): void {
  const records = world.messages.filter(({ orderId }) => orderId === view.id);
  const speaking = view.timeline.map(({ event }) => event).filter((event) => templateOf(event) !== null);
  for (const event of speaking) {
    const mine = records.filter(({ fact }) => fact === facts.status(view.id, event));
    if (mine.length !== 1) complain(view.id, `${event} has ${mine.length} messages`, look);
    const address = `-${placed.plan.name}@customers.example`;
    if (mine.some(({ recipient }) => !recipient.endsWith(address)))
      complain(view.id, `${event} is addressed to somebody else`, look);
  }
  if (records.length !== speaking.length)
    complain(view.id, `${records.length} messages for ${speaking.length} events that speak`, look);
  checkContent(view, world, complain);
}

/** What was bought reached the customer's inbox: keys in a text, files attached. */
function checkContent(view: OrderTruth['view'], world: World, complain: Complain): void {
  const ids = new Set(world.messages.filter(({ orderId }) => orderId === view.id).map(({ messageId }) => messageId));
  const mails = world.mails.filter(({ messageId }) => messageId !== null && ids.has(messageId));
  for (const { method, status, line, details } of view.deliveries) {
    if (status !== 'delivered') continue;
    for (const key of details.licenseKeys ?? [])
      if (!mails.some(({ text }) => text?.includes(key) === true))
        complain(view.id, `no mail shows the key of line ${line}: ${subjects(mails)}`, look);
    if (method === 'attachment' && !mails.some(({ attachments }) => attachments.length > 0))
      complain(view.id, `no mail carries the file of line ${line}: ${subjects(mails)}`, look);
  }
}

function subjects(mails: World['mails']): string {
  return mails.map(({ subject }) => `"${subject}"`).join(', ');
}

function templateOf(event: string): string | null {
  const name = event.split('/')[0] ?? '';
  return isOrderEvent(name) ? orderEvent(name).message : null;
}

function isOrderEvent(name: string): name is OrderEvent {
  return Object.hasOwn(orderEvents, name);
}

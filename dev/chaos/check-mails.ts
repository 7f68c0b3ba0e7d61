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

/**
 * Every fact that speaks has its mail, once. A copy is allowed when the sender was killed inside the send, or when the
 * mail server took the mail and its answer was lost; it carries the Message-ID of the first.
 */
export function checkMails(
  world: World,
  { kills, lostResponses }: { readonly kills: readonly Kill[]; readonly lostResponses: number },
): { violations: Violation[]; repeated: RepeatedMails } {
  const found: Violation[] = [];
  const complain = complaints('every mail, and none twice outside the window', found);
  for (const order of world.orders) checkMailsOf(order, world, complain);
  let bySenderKilled = 0;
  let byLostResponse = 0;
  for (const record of world.messages) {
    const copies = world.mails.filter(({ messageId }) => messageId === record.messageId);
    if (copies.length < 2) continue;
    const more = copies.length - 1;
    const killed = Math.min(more, kills.filter(({ mailsInFlight }) => mailsInFlight.includes(record._id)).length);
    bySenderKilled += killed;
    byLostResponse += more - killed;
    if (record.attempts < copies.length)
      complain(record.orderId, `${copies.length} copies of ${record.fact} from ${record.attempts} attempts`, look);
  }
  if (byLostResponse > lostResponses)
    complain(null, `${byLostResponse} copies that no kill explains, and only ${lostResponses} lost answers`, look);
  const known = new Set(world.messages.map(({ messageId }) => messageId));
  for (const { messageId, subject } of world.mails)
    if (messageId === null || !known.has(messageId)) complain(null, `"${subject}" has no record`, 'sandbox: /inbox');
  return { violations: found, repeated: { bySenderKilled, byLostResponse } };
}

const look = 'MongoDB: messages; sandbox: /inbox';

function checkMailsOf({ view, placed }: OrderTruth, world: World, complain: Complain): void {
  const records = world.messages.filter(({ orderId }) => orderId === view.id);
  const speaking = view.timeline.map(({ event }) => event).filter((event) => templateOf(event) !== null);
  for (const event of speaking) {
    const mine = records.filter(({ fact }) => fact === facts.status(view.id, event));
    const [record] = mine;
    if (mine.length !== 1 || record === undefined) {
      complain(view.id, `${event} has ${mine.length} messages`, look);
      continue;
    }
    const copies = world.mails.filter(({ messageId }) => messageId === record.messageId);
    if (record.status !== 'sent' || copies.length === 0)
      complain(view.id, `the mail of ${event} is ${record.status}, ${copies.length} arrived`, look);
    const address = `-${placed.plan.name}@customers.example`;
    if (copies.some(({ to }) => !to.endsWith(address))) complain(view.id, `${event} went to somebody else`, look);
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

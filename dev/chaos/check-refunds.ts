import type { Db } from 'mongodb';
import { facts } from '../../domain/idempotency.ts';
import { refundsCollection } from '../../services/refund/refund-store.ts';
import type { RefundDocument } from '../../services/refund/refund-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import type { World } from './snapshot.ts';
import { complaints } from './violation.ts';
import type { Complain, Violation } from './violation.ts';

/** Every refund went back once, has one credit note and one mail, and took the access of its units and no more. */
export async function checkRefunds(db: Db, world: World): Promise<Violation[]> {
  const found: Violation[] = [];
  const complain = complaints('one refund, one credit note, one mail', found);
  const refunds = await collectionOf(db, refundsCollection).find({}).toArray();
  for (const refund of refunds) checkRefund(refund, world, complain);
  const access = complaints('access follows the refunds', found);
  for (const { view } of world.orders) checkAccess(view, refunds, world, access);
  return found;
}

function checkRefund(refund: RefundDocument, world: World, complain: Complain): void {
  const { id, orderId, status, amount, statusReason, outcome } = refund;
  // Somebody else took it first: the answer to the second of two for the same money.
  if (status === 'refused' && amount === 0) return;
  const look = `Temporal UI: refund/${id}`;
  if (status !== 'succeeded') return complain(orderId, `refund ${id} is ${status} (${statusReason ?? ''})`, look);
  const entries =
    world.orderRecords.find((order) => order.id === orderId)?.refunds.filter((one) => one.id === id) ?? [];
  if (entries.length !== 1 || entries[0]?.status !== 'succeeded')
    complain(orderId, `refund ${id} is ${entries.map((one) => one.status).join(', ')} on its order`, look);
  const notes = world.documents.filter(({ document }) => document.fact === facts.refund(orderId, id));
  if (notes.length !== 1) complain(orderId, `refund ${id} has ${notes.length} credit notes`, 'MongoDB: invoices');
  const template = outcome === 'store_credit' ? 'refund_to_store_credit' : 'refund_done';
  const records = world.messages.filter(({ fact }) => fact === facts.refundStatus(orderId, id, template));
  const [record] = records;
  if (record === undefined || records.length > 1)
    return complain(orderId, `refund ${id} has ${records.length} messages`, 'MongoDB: messages');
  const copies = world.mails.filter(({ messageId }) => messageId === record.messageId).length;
  if (record.status !== 'sent' || copies === 0 || copies > record.attempts)
    complain(orderId, `the mail of ${id} is ${record.status}, ${copies} arrived`, 'MongoDB: messages; sandbox: /inbox');
}

function checkAccess(
  { id: orderId, lines, deliveries }: World['orders'][number]['view'],
  refunds: readonly RefundDocument[],
  world: World,
  complain: Complain,
): void {
  const parts = refunds
    .filter((refund) => refund.orderId === orderId && refund.status === 'succeeded')
    .flatMap((refund) => refund.parts);
  for (const { line, quantity } of lines) {
    const own = parts.filter((part) => part.line === line);
    const left = quantity - own.reduce((taken, part) => taken + part.quantity, 0);
    const wanted = left === 0 ? 'revoked' : 'delivered';
    for (const { method, status } of deliveries.filter((one) => one.line === line && one.method !== 'attachment'))
      if (status !== wanted) complain(orderId, `${method} of line ${line} is ${status}, not ${wanted}`, 'GET order');
    const licenses = world.licenses.filter((one) => one.orderId === orderId && one.line === line);
    const active = licenses.filter(({ status }) => status === 'active').length;
    if (licenses.length > 0 && active !== left)
      complain(orderId, `${active} licences of line ${line} are active, ${left} units are left`, 'MongoDB: licenses');
    for (const { externalId, state, activeSeats } of world.accounts) {
      if (!externalId.startsWith(`order/${orderId}/line/${line}/`)) continue;
      const seats = state === 'active' ? activeSeats : 0;
      if (seats !== left)
        complain(orderId, `${externalId} has ${seats} seats, ${left} are left`, 'sandbox: /account-host/accounts');
    }
  }
}

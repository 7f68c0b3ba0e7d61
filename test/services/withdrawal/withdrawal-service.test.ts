import { afterAll, describe, expect, it } from '@jest/globals';
import { newWithdrawalId } from '../../../services/withdrawal/new-withdrawal-id.ts';
import type { WithdrawalStatement } from '../../../services/withdrawal/withdrawal-store.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { at, openWithdrawals } from './withdrawal-fixture.ts';

const db = await databaseOfThisFile();
const shop = await openWithdrawals(db);
afterAll(() => shop.close());

const statement = (changes: Partial<WithdrawalStatement> = {}): WithdrawalStatement => ({
  name: 'Ada Example',
  orderNumber: 'AAAA-0000-0000-0001',
  email: 'ada@example.com',
  locale: 'en',
  ...changes,
});

async function stated(changes: Partial<WithdrawalStatement> = {}): Promise<string> {
  const withdrawalId = newWithdrawalId();
  await shop.withdrawals.record(statement(changes), { withdrawalId, at });
  return withdrawalId;
}

async function settled(changes: Partial<WithdrawalStatement> = {}) {
  const id = await stated(changes);
  await shop.withdrawals.settle(id, at);
  return shop.statements.require(id);
}

const after = (minutes: number): string => new Date(Date.parse(at) + minutes * 60_000).toISOString();
const mailsAbout = (id: string) => shop.mails.filter(({ text }) => text.includes(id));

/** A paid order of its own, with the number in the way that people type it. */
async function paidOrder(id: string, email: string): Promise<string> {
  await shop.recordOrder(`ord_${id}`, email);
  await shop.pay(`ord_${id}`);
  return id;
}

describe('a statement of withdrawal', () => {
  it('is written down as it was made, before anything else, and once', async () => {
    const id = newWithdrawalId();
    const odd = statement({ name: 'Zoë <Müller>', orderNumber: 'no such order', locale: 'de' });
    await shop.withdrawals.record(odd, { withdrawalId: id, at });
    const again = await shop.withdrawals.record(odd, { withdrawalId: id, at: after(5) });
    expect(again).toMatchObject({ ...odd, status: 'received', receivedAt: at, orderId: null });
  });

  it('is acknowledged at the address of the order, with content and time, and starts the refund as of its moment', async () => {
    const number = await paidOrder('AAAA000000000001', 'Ada.Example+shop@gmail.com');
    // As people type: lower case, blanks, O for 0; another spelling of the same inbox.
    const withdrawal = await settled({ orderNumber: 'aaaa oooo oooo ooo1', email: 'adaexample@googlemail.com' });
    expect(withdrawal).toMatchObject({ status: 'refund_requested', orderId: `ord_${number}`, nextLookAt: null });
    const [mail, ...others] = mailsAbout(withdrawal._id);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({ to: 'Ada.Example+shop@gmail.com', language: 'en' });
    expect(mail?.subject).toContain('we have received your withdrawal');
    for (const part of ['21 November 2026 at 10:00 UTC', 'aaaa oooo oooo ooo1', 'Ada Example', withdrawal._id])
      expect(mail?.text).toContain(part);
    const refund = await shop.refunds.get(withdrawal.refundId ?? '');
    expect(refund).toMatchObject({ cause: 'withdrawal', requestedBy: 'customer', requestedAt: at, amount: 1_190 });
  });

  it('about the same order again is acknowledged again and asks for no second refund', async () => {
    await paidOrder('AAAA000000000002', 'twice@example.com');
    const order = { orderNumber: 'AAAA-0000-0000-0002', email: 'twice@example.com' };
    const first = await settled(order);
    await shop.withdrawals.settle(first._id, after(1));
    const second = await settled({ ...order, locale: 'de' });
    expect(second.refundId).toBe(first.refundId);
    expect(mailsAbout(first._id)).toHaveLength(1);
    expect(mailsAbout(second._id).map(({ subject }) => subject)).toEqual([
      expect.stringContaining('Ihr Widerruf ist eingegangen'),
    ]);
    expect(await shop.refunds.ofOrder('ord_AAAA000000000002')).toHaveLength(1);
  });

  it('with a number or an address that does not belong to the order is kept, and nobody is written to', async () => {
    await paidOrder('AAAA000000000003', 'right@example.com');
    const sent = shop.mails.length;
    const wrong = [
      { orderNumber: 'AAAA-0000-0000-0003', email: 'wrong@example.com' },
      { orderNumber: 'ZZZZ-0000-0000-0003', email: 'right@example.com' },
    ];
    for (const one of wrong)
      expect(await settled(one)).toMatchObject({ status: 'unmatched', orderId: null, nextLookAt: null });
    expect(shop.mails).toHaveLength(sent);
    expect(await shop.refunds.ofOrder('ord_AAAA000000000003')).toEqual([]);
    expect((await shop.withdrawals.list('unmatched')).map(({ email }) => email)).toEqual(
      expect.arrayContaining(['wrong@example.com', 'right@example.com']),
    );
  });

  it('asks for the refund while the mail server is away, and the sweep sends the one mail later', async () => {
    await paidOrder('AAAA000000000004', 'away@example.com');
    const id = await stated({ orderNumber: 'AAAA-0000-0000-0004', email: 'away@example.com' });
    shop.mailServer.away = true;
    expect(await shop.withdrawals.settle(id, at)).toMatchObject({
      refund: { orderId: 'ord_AAAA000000000004', startedAt: null },
      mailFailure: { code: 'message.transport_unavailable' },
    });
    expect(await shop.refunds.ofOrder('ord_AAAA000000000004')).toHaveLength(1);
    shop.mailServer.away = false;
    expect(await shop.withdrawals.settleDue(at)).toEqual({ settled: 0 });
    await shop.withdrawals.settleDue(after(2));
    await shop.withdrawals.settleDue(after(30));
    expect(await shop.statements.require(id)).toMatchObject({ status: 'refund_requested', nextLookAt: null });
    expect(mailsAbout(id)).toHaveLength(1);
    expect(await shop.refunds.ofOrder('ord_AAAA000000000004')).toHaveLength(1);
  });

  it('of an order that is not paid yet is acknowledged at once and asks for the refund when it is paid', async () => {
    await shop.recordOrder('ord_AAAA000000000005', 'early@example.com');
    const waiting = await settled({ orderNumber: 'AAAA-0000-0000-0005', email: 'early@example.com' });
    expect(waiting).toMatchObject({ status: 'awaiting_payment', refundId: null });
    expect(mailsAbout(waiting._id)).toHaveLength(1);
    await shop.pay('ord_AAAA000000000005');
    await shop.withdrawals.settleDue(after(11));
    expect(await shop.statements.require(waiting._id)).toMatchObject({ status: 'refund_requested', nextLookAt: null });
    expect(mailsAbout(waiting._id)).toHaveLength(1);
  });

  it('of an order that came to nothing says that nothing goes back', async () => {
    await shop.recordOrder('ord_AAAA000000000006', 'cancelled@example.com');
    await shop.store.record({ orderId: 'ord_AAAA000000000006', event: 'cancelled', at });
    const withdrawal = await settled({ orderNumber: 'AAAA-0000-0000-0006', email: 'cancelled@example.com' });
    expect(withdrawal).toMatchObject({ status: 'nothing_to_refund', reason: null });
  });

  it('of a disputed order goes to a person, with the reason', async () => {
    await paidOrder('AAAA000000000007', 'disputed@example.com');
    await db.collection('orders').updateOne({ id: 'ord_AAAA000000000007' }, { $set: { disputed: true } });
    const withdrawal = await settled({ orderNumber: 'AAAA-0000-0000-0007', email: 'disputed@example.com' });
    expect(withdrawal).toMatchObject({ status: 'needs_person', reason: 'refund.order_disputed' });
  });
});

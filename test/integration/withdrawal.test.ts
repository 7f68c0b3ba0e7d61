import { describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import { waitUntil } from '../../dev/system/wait-until.ts';
import { tokenIn } from '../clients/withdrawal/page-under-test.ts';
import { editorOrder, journeyMs, place, systemOfThisFile, untilClosed, untilStatus } from '../support/system.ts';

jest.setTimeout(journeyMs);

describe('the journey of a withdrawal through the page', () => {
  const running = systemOfThisFile();

  const send = async (path: string, form: Readonly<Record<string, string>>): Promise<string> => {
    const answer = await fetch(`${running().system.api}${path}`, { method: 'POST', body: new URLSearchParams(form) });
    expect(answer.status).toBe(200);
    return answer.text();
  };
  const withdraw = async (orderNumber: string, email: string): Promise<string> => {
    const token = tokenIn(await send('/withdraw', { name: 'Jordan Journey', orderNumber, email, lang: 'en' }));
    const done = await send('/withdraw/confirm', { token });
    return /wdr_[0-9A-Z]{16}/.exec(done)?.[0] ?? '';
  };

  /**
   * The order's own mail is sent. Before that the acknowledgement may have to wait for the sweep, half a minute; the refund
   * does not.
   */
  const toldOf = (id: string): Promise<void> => untilClosed(running(), id);

  it('is acknowledged by mail at once, and the money goes back by the rules', async () => {
    const order = { ...editorOrder('withdraws'), consents: { immediateDelivery: false, withdrawalWaiver: false } };
    const id = await place(running(), 'withdraws', order);
    const { number } = await untilStatus(running(), id, 'completed');
    await toldOf(id);
    const stated = await withdraw(number, order.customer.email);
    const mail = await waitUntil('the acknowledgement arrives', async () => {
      const mails = await running().world.mailsTo(order.customer.email);
      return mails.find(({ text }) => text?.includes(stated) === true) ?? null;
    });
    expect(mail.subject).toContain('we have received your withdrawal');
    const refunded = await running().api.untilOrder(id, 'is refunded', ({ refundStatus }) => refundStatus === 'full');
    expect(refunded.refunds).toHaveLength(1);
  });

  it('ends the subscription that the order began, which would have gone on charging', async () => {
    const { api } = running();
    await api.put('/products/club', { name: 'Club', taxClass: 'saas', delivery: [{ method: 'account' }] });
    await api.put('/prices/club-eur', {
      ...{ product: 'club', currency: 'EUR', taxBehavior: 'inclusive' },
      scheme: { type: 'flat', amount: 1_000 },
      recurring: { interval: 'month', count: 1 },
    });
    const order = { ...editorOrder('leaves'), lines: [{ price: 'club-eur', quantity: 1 }] };
    const id = await place(running(), 'leaves', order);
    // It begins a moment after the order has ended.
    const { number, subscriptions } = await api.untilOrder(
      id,
      'has begun a subscription',
      (begun) => begun.status === 'completed' && begun.subscriptions.length > 0,
    );
    await withdraw(number, order.customer.email);
    const ended = await waitUntil('the subscription ends', async () => {
      const { body } = await api.call(`/subscriptions/${subscriptions[0] ?? ''}`);
      return z.looseObject({ status: z.literal('cancelled') }).safeParse(body).success ? body : null;
    });
    expect(ended).toMatchObject({ cancellation: { reason: 'withdrawal' } });
    expect((await api.order(id)).refunds).toHaveLength(1);
  });

  it('tells a guesser nothing and writes to nobody', async () => {
    const id = await place(running(), 'guessed', editorOrder('guessed'));
    const { number } = await untilStatus(running(), id, 'completed');
    const stated = await withdraw(number, 'guesser@journeys.example');
    expect(stated).toMatch(/^wdr_/);
    expect(await running().world.mailsTo('guesser@journeys.example')).toEqual([]);
    expect((await running().api.order(id)).refundStatus).toBe('none');
  });
});

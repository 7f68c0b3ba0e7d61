import type { Db } from 'mongodb';
import { Failure } from '../../../domain/failures.ts';
import type { Order } from '../../../domain/order/order.ts';
import { createFileStore } from '../../../services/catalog/file-store.ts';
import type { Mail } from '../../../services/messages/mail-transport.ts';
import { createMessageRenderer } from '../../../services/messages/message-renderer.ts';
import { createMessageService } from '../../../services/messages/message-service.ts';
import { orderRequestSchema } from '../../../services/order/order-intake.ts';
import { createRefundStore } from '../../../services/refund/refund-store.ts';
import { createWithdrawalService } from '../../../services/withdrawal/withdrawal-service.ts';
import { createWithdrawalStore } from '../../../services/withdrawal/withdrawal-store.ts';
import { createMessageContextLoader } from '../../../workers/message-context.ts';
import { at, openRefunds } from '../refund/refund-fixture.ts';

/** Statements of withdrawal over the real services; the mail that would be sent is kept for looking at. */
export async function openWithdrawals(db: Db) {
  const shop = await openRefunds(db);
  const store = createWithdrawalStore(db);
  const mails: Mail[] = [];
  const mailServer = { away: false };
  const messages = createMessageService({
    db,
    transport: {
      async send(mail) {
        if (mailServer.away) throw new Failure('message.transport_unavailable');
        mails.push(mail);
        await Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
    renderer: createMessageRenderer({ brand: 'Waybill', imprint: [] }),
    loadContext: createMessageContextLoader({
      ...shop,
      files: createFileStore({ db, maxBytes: 1_000 }),
      withdrawals: store,
      refunds: createRefundStore(db),
      portalUrl: null,
      invoiceLink: (id) => Promise.resolve(`https://shop.test/i/${id}`),
      withdrawalUrl: (number) => `https://shop.test/withdraw?order=${number}`,
      now: () => at,
    }),
    messageIdDomain: 'waybill.example',
    clock: () => new Date(at),
  });
  const withdrawals = createWithdrawalService({
    ...{ store, messages, orders: shop.store },
    requestRefund: (request, moment) => shop.refunds.requestRefund(request, moment),
  });
  await shop.sell('handbook', 1_190, { taxClass: 'ebook' });

  return {
    ...shop,
    ...{ withdrawals, statements: store, mails, mailServer },

    /** An order of one handbook under this number, recorded and not paid. */
    recordOrder: (orderId: string, email: string): Promise<Order> =>
      shop.intake.record(
        orderRequestSchema.parse({
          currency: 'EUR',
          customer: { email, name: 'Ada Example', country: 'DE', ipCountry: 'DE', cardCountry: 'DE' },
          lines: [{ price: 'handbook', quantity: 1 }],
          payment: { method: 'card', token: 'tok_ok' },
        }),
        { orderId, at },
      ),

    /** Paid, invoiced and delivered. */
    async pay(orderId: string): Promise<void> {
      await shop.orders.prepare(orderId, at);
      await shop.payments.take(await shop.orders.charge(orderId, at));
      await shop.orders.fulfilFromStock(orderId, at);
    },
  };
}

export { at };

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { subscriptionMessageData } from '../../../domain/message/message-facts.ts';
import type { MessageReference, MessageTemplate } from '../../../domain/message/message.ts';
import { priceInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { createFileStore } from '../../../services/catalog/file-store.ts';
import { createWithdrawalStore } from '../../../services/withdrawal/withdrawal-store.ts';
import { createMessageContextLoader } from '../../../workers/message-context.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { at, openRefunds } from '../refund/refund-fixture.ts';
import type { RefundsUnderTest } from '../refund/refund-fixture.ts';

// Goal: a mail shows what the records say at the moment of sending. Method: real orders and refunds, read by the loader.

const db = await databaseOfThisFile();
let shop: RefundsUnderTest;
beforeAll(async () => {
  shop = await openRefunds(db);
  await shop.sell('editor', 11_900);
  const price = {
    product: 'editor',
    currency: 'EUR',
    taxBehavior: 'inclusive',
    scheme: { type: 'flat', amount: 1190 },
    recurring: { interval: 'month', count: 1 },
  };
  await shop.catalog.putPrice('plan', priceInputSchema.parse(price), at);
});
afterAll(() => shop.close());

function loader(portalUrl: string | null) {
  return createMessageContextLoader({
    ...shop,
    files: createFileStore({ db, maxBytes: 1_000 }),
    withdrawals: createWithdrawalStore(db),
    invoiceLink: (id) => Promise.resolve(`https://shop.test/i/${id}`),
    portalUrl,
    withdrawalUrl: (number) => `https://shop.test/withdraw?order=${number}`,
    now: () => at,
  });
}

function message(template: MessageTemplate, orderId: string, data: MessageReference['data']): MessageReference {
  return { id: 'msg_1', fact: `test/${template}`, template, orderId, locale: 'en', data };
}

describe('what a mail about a subscription shows', () => {
  const facts = subscriptionMessageData({ subscription: 'sub_1', timeZone: 'Europe/Berlin', stage: 'grace' });

  it('is what it was queued with, the recurring lines of its order, and the page of the merchant', async () => {
    const { id } = await shop.paidOrder([
      { price: 'plan', quantity: 1 },
      { price: 'editor', quantity: 1 },
    ]);
    const { subscription, links } = await loader('https://portal.example')(message('subscription_started', id, facts));
    expect(subscription).toMatchObject({
      items: ['editor'],
      facts: { subscription: 'sub_1', stage: 'grace', amount: null },
      manageUrl: 'https://portal.example/subscriptions/sub_1',
      surveyUrl: 'https://portal.example/subscriptions/sub_1/survey',
    });
    expect(links.invoice).toMatch(/^https:\/\/shop\.test\/i\//);
  });

  it('names the amount of its order where it tells of a charge, and no page where there is none', async () => {
    const { id } = await shop.paidOrder([{ price: 'plan', quantity: 1 }]);
    const { subscription } = await loader(null)(message('payment_failed', id, facts));
    expect(subscription).toMatchObject({ facts: { amount: 1190 }, manageUrl: null, surveyUrl: null });
  });

  it('is nothing in a mail about an order', async () => {
    const { id } = await shop.paidOrder([{ price: 'plan', quantity: 1 }]);
    expect((await loader(null)(message('order_confirmed', id, {}))).subscription).toBeNull();
  });
});

describe('what a mail about a refund shows', () => {
  it('is the amount, the lines and the credit note of that refund', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }]);
    const refund = await shop.refund({ order: id, reason: 'asked for', requestedBy: 'merchant' });
    const context = await loader(null)(message('refund_done', id, { refund: refund.id }));
    expect(context.refund).toEqual({
      amount: 11_900,
      lines: ['editor'],
      creditNoteUrl: `https://shop.test/i/${refund.creditNote ?? ''}`,
      explanation: refund.judgement?.explanation.en ?? null,
      appealUntil: null,
    });
  });

  it('is nothing for a mail that names none', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }]);
    expect((await loader(null)(message('order_confirmed', id, {}))).refund).toBeNull();
  });
});

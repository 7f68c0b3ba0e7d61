import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { verifySignature } from '../../../services/webhook/webhook-signature.ts';
import { createWebhookService } from '../../../services/webhook/webhook-service.ts';
import { createWebhookStore, webhookEventsCollection } from '../../../services/webhook/webhook-store.ts';
import { createPaymentStore } from '../../../services/payment/payment-store.ts';
import { createOrderStore } from '../../../services/order/order-store.ts';
import { openTestDatabase } from '../../support/mongo.ts';

const secret = `whsec_${Buffer.from('signing secret').toString('base64')}`;
const at = '2026-11-21T10:00:00.000Z';
let database: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db.collection('webhook_events').createIndexes([...webhookEventsCollection.indexes]);
  const payments = createPaymentStore(database.db);
  for (const n of [1, 2, 3]) {
    await payments.open(
      `ord_${n}`,
      { amount: 100, currency: 'EUR' },
      {
        ...{ attempt: 1, gateway: 'acquirer_a', status: 'pending', paymentId: `pay_${n}`, actionUrl: null },
        ...{ declineCode: null, declineClass: null, riskSignals: [], at },
      },
    );
  }
});

afterAll(() => database.close());

function newService(paymentChanged: (orderId: string) => Promise<void>) {
  const store = createWebhookStore(database.db);
  const payments = createPaymentStore(database.db);
  return createWebhookService({
    store,
    secrets: { acquirer_a: [secret] },
    payments,
    orders: createOrderStore(database.db),
    paymentChanged,
  });
}

function signed(id: string, payment: string) {
  const body = JSON.stringify({
    type: 'payment.settled',
    data: { payment: { pspReference: payment, merchantReference: 'x' } },
  });
  const now = new Date();
  const timestamp = Math.floor(now.getTime() / 1000).toString();
  return {
    provider: 'acquirer_a',
    body,
    at,
    headers: { id, timestamp, signature: new Webhook(secret).sign(id, now, body) },
  };
}

describe('receiving a notice', () => {
  it('tells the order again after a crash between recording and telling', async () => {
    const told: string[] = [];
    const crashing = newService(() => Promise.reject(new Error('kill -9')));
    await expect(crashing.receive(signed('msg_1', 'pay_1'))).rejects.toThrow('kill -9');
    const restarted = newService((id) => Promise.resolve(void told.push(id)));
    expect(await restarted.receive(signed('msg_1', 'pay_1'))).toBe('handled');
    expect(await restarted.receive(signed('msg_1', 'pay_1'))).toBe('duplicate');
    expect(told).toEqual(['ord_1']);
  });

  it('records one event when deliveries of it arrive at once', async () => {
    const told: string[] = [];
    const service = newService((id) => Promise.resolve(void told.push(id)));
    await Promise.all(Array.from({ length: 6 }, () => service.receive(signed('msg_2', 'pay_2'))));
    expect(
      await database.db.collection<{ _id: string }>('webhook_events').countDocuments({ _id: 'acquirer_a/msg_2' }),
    ).toBe(1);
    // Telling twice is harmless: the workflow looks the payment up.
    expect(new Set(told)).toEqual(new Set(['ord_2']));
  });

  it('keeps what its schema says, for at least thirty days', async () => {
    await newService(() => Promise.resolve()).receive(signed('msg_3', 'pay_3'));
    const stored = await database.db.collection<{ _id: string }>('webhook_events').findOne({ _id: 'acquirer_a/msg_3' });
    expect(webhookEventsCollection.schema.parse(stored)).toMatchObject({
      ...{ provider: 'acquirer_a', type: 'payment.settled', paymentId: 'pay_3', reference: 'x', orderId: 'ord_3' },
      ...{ handled: true, receivedAt: new Date(at) },
    });
    expect(webhookEventsCollection.indexes[0]?.expireAfterSeconds).toBeGreaterThanOrEqual(30 * 24 * 3600);
  });
});

describe('a signature', () => {
  const { body, headers } = signed('msg_9', 'pay_9');

  it('is checked over id, time and body', () => {
    expect(verifySignature(body, headers, [secret])).toBe('msg_9');
    const refused = { code: 'request.signature_invalid' };
    const check =
      (changed: Partial<typeof headers>, text = body) =>
      () =>
        verifySignature(text, { ...headers, ...changed }, [secret]);
    const wrong = [
      check({ id: 'msg_8' }),
      check({ timestamp: `${Number(headers.timestamp) + 1}` }),
      check({ timestamp: `${headers.timestamp}junk` }),
      check({ signature: '' }),
      check({ signature: 'v1,' }),
      check({ signature: headers.signature.replace('v1,', 'v2,') }),
      check({}, `${body} `),
    ];
    for (const one of wrong) expect(one).toThrow(expect.objectContaining(refused));
  });

  it('may stand among several, and any of our secrets may have made it', () => {
    const other = `whsec_${Buffer.from('next secret').toString('base64')}`;
    const signature = `v1,AAAA v1a,BBBB ${headers.signature}`;
    expect(verifySignature(body, { ...headers, signature }, [other, secret])).toBe('msg_9');
    expect(() => verifySignature(body, headers, [])).toThrow(
      expect.objectContaining({ code: 'request.signature_invalid' }),
    );
  });
});

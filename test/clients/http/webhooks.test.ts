import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { oldWebhookSecret, orderBody, serveApi, webhookSecret } from './api-under-test.ts';

const { api, db } = await serveApi({ stocked: true });

const events = () => db.collection<{ _id: string; handled: boolean; orderId: string | null }>('webhook_events');

async function placedOrder(): Promise<string> {
  const placed = await api.call({ method: 'POST', url: '/v1/orders', payload: orderBody });
  return placed.json<{ id: string }>().id;
}

interface Sent {
  readonly provider?: string;
  readonly id?: string;
  readonly reference: string;
  readonly paymentId?: string;
  readonly secret?: string;
  readonly ageSeconds?: number;
  /** Sent instead of what was signed. */
  readonly tampered?: string;
}

function send(sent: Sent) {
  const { provider = 'acquirer_a', id = `msg_${randomUUID()}`, reference, paymentId = `pay_${randomUUID()}` } = sent;
  const payment = { pspReference: paymentId, merchantReference: reference, status: 'AUTHORISED' };
  const collection = { collectionId: paymentId, orderReference: reference, state: 'paid' };
  const data = provider === 'deferred_payments' ? { collection } : { payment };
  const payload = JSON.stringify({ type: 'payment.settled', timestamp: new Date().toISOString(), data }, null, 1);
  const at = new Date(Date.now() - (sent.ageSeconds ?? 0) * 1000);
  const signature = new Webhook(sent.secret ?? webhookSecret).sign(id, at, payload);
  return api.call({
    method: 'POST',
    url: `/v1/webhooks/${provider}`,
    headers: {
      authorization: null,
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': Math.floor(at.getTime() / 1000).toString(),
      'webhook-signature': signature,
    },
    payload: sent.tampered ?? payload,
  });
}

const toldOf = (orderId: string) => api.notices.filter((id) => id === orderId).length;

describe('a webhook', () => {
  it.each(['acquirer_a', 'deferred_payments'])('of %s tells the order that it names', async (provider) => {
    const reference = await placedOrder();
    const answer = await send({ provider, reference });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({ received: true, duplicate: false });
    expect(toldOf(reference)).toBe(1);
  });

  it('finds the order by the gateway’s payment id', async () => {
    const orderId = await placedOrder();
    await api.paymentStore.open(orderId, { amount: 11_900, currency: 'EUR' }, null);
    await api.paymentStore.startAttempt(orderId, {
      ...{ attempt: 1, gateway: 'acquirer_a', status: 'pending', paymentId: 'pay_known', actionUrl: null },
      ...{ declineCode: null, declineClass: null, riskSignals: [], at: new Date().toISOString() },
    });
    await send({ reference: 'not an order of ours', paymentId: 'pay_known' });
    expect(toldOf(orderId)).toBe(1);
  });

  it('is taken once, however often it comes', async () => {
    const reference = await placedOrder();
    const id = `msg_${randomUUID()}`;
    expect((await send({ id, reference })).json()).toMatchObject({ duplicate: false });
    const again = await send({ id, reference });
    expect(again.statusCode).toBe(202);
    expect(again.json()).toMatchObject({ duplicate: true });
    expect(toldOf(reference)).toBe(1);
  });

  it('is accepted under both secrets while one is rotated out', async () => {
    expect((await send({ reference: await placedOrder(), secret: oldWebhookSecret })).statusCode).toBe(202);
  });

  it('for a payment that nobody knows is kept and acknowledged', async () => {
    const id = `msg_${randomUUID()}`;
    expect((await send({ id, reference: 'ord_unknown' })).statusCode).toBe(202);
    expect(await events().findOne({ _id: `acquirer_a/${id}` })).toMatchObject({ handled: false, orderId: null });
  });

  it('that came before its order is taken when it is sent again', async () => {
    const id = `msg_${randomUUID()}`;
    const placed = await placedOrder();
    await db.collection<{ _id: string }>('orders').updateOne({ _id: placed }, { $set: { hidden: true } });
    const order = await db.collection<{ _id: string }>('orders').findOneAndDelete({ _id: placed });
    await send({ id, reference: placed });
    if (order !== null) await db.collection<{ _id: string }>('orders').insertOne(order);
    await send({ id, reference: placed });
    expect(toldOf(placed)).toBe(1);
  });

  it('is not lost when the workflow could not be told: the provider is asked to send it again', async () => {
    const reference = await placedOrder();
    const id = `msg_${randomUUID()}`;
    api.mood.away = true;
    const refused = await send({ id, reference });
    api.mood.away = false;
    expect(refused.statusCode).toBe(503);
    expect(await events().findOne({ _id: `acquirer_a/${id}` })).toMatchObject({ handled: false });
    expect((await send({ id, reference })).json()).toMatchObject({ duplicate: false });
    expect(toldOf(reference)).toBe(1);
    expect(await events().findOne({ _id: `acquirer_a/${id}` })).toMatchObject({ handled: true, orderId: reference });
  });

  it('whose body says nothing we know is kept and acknowledged', async () => {
    const id = `msg_${randomUUID()}`;
    const at = new Date();
    const payload = '{"hello": "world"}';
    const answer = await api.call({
      method: 'POST',
      url: '/v1/webhooks/acquirer_a',
      headers: {
        ...{ authorization: null, 'content-type': 'application/json', 'webhook-id': id },
        'webhook-timestamp': Math.floor(at.getTime() / 1000).toString(),
        'webhook-signature': new Webhook(webhookSecret).sign(id, at, payload),
      },
      payload,
    });
    expect(answer.statusCode).toBe(202);
    expect(await events().findOne({ _id: `acquirer_a/${id}` })).toMatchObject({ type: 'unreadable', handled: false });
  });
});

describe('a webhook that is not genuine', () => {
  const foreign = `whsec_${Buffer.from('somebody else').toString('base64')}`;

  it.each<[string, Partial<Sent>]>([
    ['signed with another secret', { secret: foreign }],
    ['older than five minutes', { ageSeconds: 301 }],
    ['from the future', { ageSeconds: -301 }],
    ['changed on its way', { tampered: '{"type":"payment.settled","data":{}}' }],
  ])('is refused when it is %s, and leaves nothing', async (_what, sent) => {
    const id = `msg_${randomUUID()}`;
    const reference = await placedOrder();
    const answer = await send({ id, reference, ...sent });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'request.signature_invalid' });
    expect(await events().countDocuments({ _id: `acquirer_a/${id}` })).toBe(0);
    expect(toldOf(reference)).toBe(0);
  });

  it('is refused without signature, and for a provider that there is not', async () => {
    const unsigned = await api.call({ method: 'POST', url: '/v1/webhooks/acquirer_a', payload: {} });
    expect(unsigned.json()).toMatchObject({ code: 'request.signature_invalid' });
    const unknown = await send({ provider: 'constructor', reference: 'x' });
    expect(unknown.json()).toMatchObject({ status: 404, code: 'request.not_found' });
  });
});

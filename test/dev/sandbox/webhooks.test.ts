import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { createSandbox } from '../../../dev/sandbox/create-sandbox.ts';
import { sandboxApiKey } from '../../../dev/sandbox/sandbox-key.ts';
import type { Sandbox, SandboxOptions } from '../../../dev/sandbox/create-sandbox.ts';
import { gatewayIds, gatewayRegistry, isGatewayId } from '../../../services/payment/gateway-registry.ts';
import type { GatewayId } from '../../../services/payment/gateway-registry.ts';
import { openWebhookReceiver } from './webhook-receiver.ts';
import type { ReceivedWebhook } from './webhook-receiver.ts';

const secret = `whsec_${Buffer.from('a secret of this test').toString('base64')}`;

describe('the webhooks of the sandbox', () => {
  let closers: (() => Promise<void>)[] = [];
  beforeEach(() => {
    closers = [];
  });
  afterEach(() => Promise.all(closers.map((close) => close())));

  async function start(options: Partial<SandboxOptions>, statuses: readonly number[] = []) {
    const receiver = await openWebhookReceiver(statuses);
    const sandbox = await createSandbox({ webhookSecret: secret, webhookRetryDelaysMs: [10, 10, 10], ...options });
    closers.push(receiver.close, sandbox.close);
    return { receiver, sandbox };
  }
  const post = async (url: string, body?: object) => {
    const answer = await fetch(url, {
      method: 'POST',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    return answer.json();
  };
  /** A payment of the provider whose money has come. */
  async function settled(sandbox: Sandbox, id: GatewayId): Promise<string> {
    const { profile } = gatewayRegistry[id];
    const gateway = gatewayRegistry[id].create({ baseUrl: sandbox.url, apiKey: sandboxApiKey, timeoutMs: 2_000 });
    const token = id === 'deferred_payments' ? 'tok_voucher' : 'tok_bank';
    const amount = { amount: 500, currency: 'EUR' };
    const method = profile.methods[0];
    const { paymentId } = await gateway.authorize({
      key: `order/${id}/charge/1`,
      reference: `ord_${id}`,
      amount,
      method,
      token,
      returnUrl: null,
    });
    await post(`${sandbox.url}/payments/${paymentId}/settle`);
    return paymentId;
  }
  const verify = ({ body, headers }: ReceivedWebhook): unknown =>
    new Webhook(secret).verify(body, {
      'webhook-id': String(headers['webhook-id']),
      'webhook-timestamp': String(headers['webhook-timestamp']),
      'webhook-signature': String(headers['webhook-signature']),
    });

  it.each(gatewayIds)('go signed to the path of %s and name the payment', async (id) => {
    const { receiver, sandbox } = await start({});
    sandbox.setWebhookUrl(receiver.url);
    const paymentId = await settled(sandbox, id);
    const [webhook] = await receiver.received(1);
    if (webhook === undefined) throw new Error('nothing came');
    expect(webhook.path).toBe(`/v1/webhooks/${id}`);
    const body = verify(webhook);
    expect(body).toMatchObject({ type: 'payment.settled' });
    expect(isGatewayId(id)).toBe(true);
    expect(gatewayRegistry[id].readNotice(body)).toEqual({
      kind: 'payment_changed',
      paymentId,
      reference: `ord_${id}`,
    });
    expect(() => verify({ ...webhook, body: webhook.body.replace('500', '501') })).toThrow();
  });

  it('are repeated under the same id until a 2xx comes', async () => {
    const { receiver, sandbox } = await start({}, [500, 302, 404]);
    sandbox.setWebhookUrl(receiver.url);
    await settled(sandbox, 'acquirer_a');
    const webhooks = await receiver.received(4);
    expect(new Set(webhooks.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(webhooks.map(({ body }) => body)).size).toBe(1);
    for (const webhook of webhooks) verify(webhook);
  });

  it('come twice when duplicates are asked for', async () => {
    const { receiver, sandbox } = await start({ duplicateWebhooks: true });
    sandbox.setWebhookUrl(receiver.url);
    await settled(sandbox, 'acquirer_b');
    const [first, second] = await receiver.received(2);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });

  it('wait for the address of the receiver, which may be told over HTTP', async () => {
    const { receiver, sandbox } = await start({});
    await settled(sandbox, 'acquirer_a');
    await fetch(`${sandbox.url}/webhooks/url`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: receiver.url }),
    });
    expect(await receiver.received(1)).toHaveLength(1);
  });

  it.each(gatewayIds)('tell of refunds and disputes at %s', async (id) => {
    const { receiver, sandbox } = await start({});
    sandbox.setWebhookUrl(receiver.url);
    const paymentId = await settled(sandbox, id);
    const gateway = gatewayRegistry[id].create({ baseUrl: sandbox.url, apiKey: sandboxApiKey, timeoutMs: 2_000 });
    const { refundId } = await gateway.refund({ key: 'refund', paymentId, amount: { amount: 100, currency: 'EUR' } });
    await receiver.received(2);
    const dispute = z.object({ id: z.string() }).parse(
      await post(`${sandbox.url}/disputes`, {
        payment: paymentId,
        reason: 'fraudulent',
        dueBy: '2026-12-09T00:00:00Z',
      }),
    );
    await receiver.received(3);
    await post(`${sandbox.url}/disputes/${dispute.id}/lost`);
    await post(`${sandbox.url}/disputes/${dispute.id}/lost`);
    const notices = (await receiver.received(4)).map((webhook) => gatewayRegistry[id].readNotice(verify(webhook)));
    const reference = `ord_${id}`;
    const facts = { paymentId, reference, reason: 'fraudulent', amount: 500, currency: 'EUR' };
    const disputed = { kind: 'dispute_changed', disputeId: dispute.id, dueBy: '2026-12-09T00:00:00Z', ...facts };
    expect(notices).toEqual([
      { kind: 'payment_changed', paymentId, reference },
      { kind: 'refund_changed', paymentId, reference, refundId },
      { ...disputed, status: 'opened' },
      { ...disputed, status: 'lost' },
    ]);
    await expect(post(`${sandbox.url}/disputes/${dispute.id}/won`)).rejects.toThrow('409');
  });

  it.each(gatewayIds)('tell of a refund at %s that the bank sends back, once', async (id) => {
    const { receiver, sandbox } = await start({});
    sandbox.setWebhookUrl(receiver.url);
    const paymentId = await settled(sandbox, id);
    const gateway = gatewayRegistry[id].create({ baseUrl: sandbox.url, apiKey: sandboxApiKey, timeoutMs: 2_000 });
    const { refundId } = await gateway.refund({ key: 'refund', paymentId, amount: { amount: 100, currency: 'EUR' } });
    await receiver.received(2);
    for (let times = 0; times < 2; times += 1) await post(`${sandbox.url}/refunds/${refundId}/fail`);
    const notices = (await receiver.received(3)).map((webhook) => gatewayRegistry[id].readNotice(verify(webhook)));
    expect(notices.slice(2)).toEqual([{ kind: 'refund_changed', paymentId, reference: `ord_${id}`, refundId }]);
    await expect(post(`${sandbox.url}/refunds/ref_none/fail`)).rejects.toThrow('404');
  });

  it('of an unknown kind are nothing to act on', () => {
    for (const id of gatewayIds)
      for (const body of [null, {}, { type: 'invoice.made', data: { payment: {} } }])
        expect(gatewayRegistry[id].readNotice(body)).toBeNull();
  });
});

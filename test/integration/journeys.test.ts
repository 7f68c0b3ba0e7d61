import { describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { callJson } from '../../dev/system/json-call.ts';
import { waitUntil } from '../../dev/system/wait-until.ts';
import { readSampleFile } from '../../dev/samples/read-samples.ts';
import { createOrderClient } from '../../clients/order-client.ts';
import { orderRequestSchema } from '../../services/order/order-intake.ts';
import { readConfig } from '../../workers/config.ts';
import { openDependencies } from '../../workers/dependencies.ts';
import { orderSweepScheduleId } from '../../workflows/order-sweep/order-sweep.contract.ts';
import { startOrder } from '../../workflows/order/order-start.contract.ts';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';
import { acquirerNotice } from '../support/acquirer-notice.ts';
import { editorOrder, journeyMs, place, systemOfThisFile, untilClosed, untilStatus } from '../support/system.ts';

jest.setTimeout(journeyMs);

describe('the journey of an order through a whole system', () => {
  const running = systemOfThisFile({ duplicateWebhooks: true });

  async function withTemporal<Result>(body: (client: Client) => Promise<Result>): Promise<Result> {
    const { stack, home } = running().system;
    const connection = await Connection.connect({ address: stack.temporal.address });
    return body(new Client({ connection, namespace: home.namespace })).finally(() => connection.close());
  }

  const captured = async (orderId: string): Promise<number[]> =>
    (await running().world.payments(orderId)).map((payment) => payment.captured).filter((amount) => amount > 0);

  it('is one order and one charge when the same request comes twice and five times at once', async () => {
    const { api, runId } = running();
    const order = editorOrder('repeat');
    const key = { 'idempotency-key': `${runId}-repeat` };
    const first = await api.post('/orders', order, key);
    const again = await api.post('/orders', order, key);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    const other = await api.post('/orders', editorOrder('repeat', { token: 'tok_slow' }), key);
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ code: 'idempotency.conflict' });

    const many = editorOrder('many');
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => api.post('/orders', many, { 'idempotency-key': `${runId}-many` })),
    );
    for (const { status, body } of answers.filter(({ status }) => status !== 202))
      expect({ status, body }).toMatchObject({ status: 409, body: { code: 'idempotency.in_progress' } });
    for (const customer of ['cus_repeat', 'cus_many']) {
      const listed = (await api.call(`/orders?customer=${customer}`)).body as { items: { id: string }[] };
      expect(listed.items).toHaveLength(1);
      const id = listed.items[0]?.id ?? '';
      await untilStatus(running(), id, 'completed');
      expect(await captured(id)).toEqual([4900]);
    }
  });

  it('is not started a second time, neither while it runs nor after it has ended', async () => {
    const id = await place(running(), 'second-start', editorOrder('second-start', { token: 'tok_3ds' }));
    await running().api.untilOrder(id, 'waits', ({ payment }) => payment.status === 'action_required');
    const startable = { id, number: 'again', currency: 'EUR', requestedLines: [{}] };
    await withTemporal(async (client) => {
      const handle = client.workflow.getHandle(orderWorkflowId(id));
      const { runId } = await handle.describe();
      await startOrder(client, startable);
      await running().world.complete3ds((await running().world.payments(id))[0]?.id ?? '');
      await handle.result();
      await startOrder(client, startable);
      expect((await handle.describe()).runId).toBe(runId);
    });
    expect(await captured(id)).toEqual([4900]);
  });

  it('is started by the sweep when it was recorded while Temporal was away', async () => {
    const deps = await openDependencies(readConfig(running().system.env));
    const away = new Client({ connection: Connection.lazy({ address: '127.0.0.1:1' }) });
    try {
      const orderId = `ord_${randomBytes(8).toString('hex').toUpperCase()}`;
      const at = new Date(Date.now() - 60_000).toISOString();
      const order = orderRequestSchema.parse(editorOrder('swept'));
      const recorded = await createOrderClient({ ...deps, temporal: away }).place(order, { orderId, at });
      expect(recorded.startedAt).toBeNull();
      await withTemporal((client) => client.schedule.getHandle(orderSweepScheduleId).trigger());
      await untilStatus(running(), orderId, 'completed');
      expect(await captured(orderId)).toEqual([4900]);
    } finally {
      await deps.close();
    }
  });

  it('takes notices of the gateway early, twice and late, and acts on what the gateway itself says', async () => {
    const id = await place(running(), 'notices', editorOrder('notices', { token: 'tok_3ds' }));
    await running().api.untilOrder(id, 'waits', ({ payment }) => payment.status === 'action_required');
    const payment = (await running().world.payments(id))[0]?.id ?? '';
    const send = (type: string, eventId: string) => {
      const { url, headers, body } = acquirerNotice(running().system, { type, eventId, payment, order: id });
      return callJson(url, { method: 'POST', headers, body });
    };
    const early = await send('payment.settled', 'early');
    expect(early).toMatchObject({ status: 202, body: { received: true, duplicate: false } });
    expect(await send('payment.settled', 'early')).toMatchObject({ status: 202, body: { duplicate: true } });
    expect((await running().api.order(id)).status).toBe('awaiting_payment');
    expect(await captured(id)).toEqual([]);

    await running().world.complete3ds(payment);
    await untilStatus(running(), id, 'completed');
    await untilClosed(running(), id);
    expect(await send('payment.expired', 'late')).toMatchObject({ status: 202, body: { duplicate: false } });
    expect((await running().api.order(id)).status).toBe('completed');
    expect(await captured(id)).toEqual([4900]);

    const { url, headers, body } = acquirerNotice(running().system, {
      type: 'payment.settled',
      eventId: 'forged',
      payment,
      order: id,
    });
    const forged = await callJson(url, { method: 'POST', headers: { ...headers, 'webhook-id': 'other' }, body });
    expect(forged).toMatchObject({ status: 401, body: { code: 'request.signature_invalid' } });
  });

  it('cannot be cancelled after it was paid, and the answer says what to do instead', async () => {
    const id = await place(running(), 'too-late', editorOrder('too-late'));
    await untilStatus(running(), id, 'completed');
    const answer = await running().api.post(`/orders/${id}/cancel`, {});
    expect(answer).toMatchObject({
      status: 409,
      body: { code: 'order.already_paid', instead: 'POST /v1/refunds' },
    });
  });

  it('cannot be reviewed when nobody asked for a review', async () => {
    const id = await place(running(), 'no-review', editorOrder('no-review', { token: 'tok_3ds' }));
    await running().api.untilOrder(id, 'waits', ({ payment }) => payment.status === 'action_required');
    const review = { decision: 'approve', by: 'ops_1', note: '' };
    const refused = { status: 409, body: { code: 'order.not_in_review' } };
    expect(await running().api.post(`/orders/${id}/review`, review)).toMatchObject(refused);
    expect(await running().api.post(`/orders/${id}/cancel`, {})).toMatchObject({ status: 200 });
    await untilClosed(running(), id);
    expect(await running().api.post(`/orders/${id}/review`, review)).toMatchObject(refused);
  });

  it('costs what the quote said', async () => {
    const { currency, customer, lines, ...rest } = editorOrder('quoted');
    const { country, ipCountry } = customer;
    const quote = await running().api.post('/quotes', { currency, customer: { country, ipCountry }, lines });
    expect(quote.status).toBe(200);
    const id = await place(running(), 'quoted', { currency, customer, lines, ...rest });
    const order = await untilStatus(running(), id, 'completed');
    const { net, discount, tax, gross } = order.amounts ?? {};
    expect(quote.body).toMatchObject({ currency, net, discount, tax, gross });
    expect(quote.body).toMatchObject({ taxes: order.lines[0]?.taxes, reverseCharge: false });
  });

  it('is charged exactly once when the acquirer’s answer is lost, whether it approved or declined', async () => {
    const approved = await place(running(), 'lost-ok', editorOrder('lost-ok', { token: 'tok_lost_ok' }));
    const declined = await place(running(), 'lost-no', editorOrder('lost-no', { token: 'tok_lost_declined' }));
    await untilStatus(running(), approved, 'completed');
    expect(await captured(approved)).toEqual([4900]);
    expect(await running().world.payments(approved)).toHaveLength(1);

    expect(await untilStatus(running(), declined, 'failed')).toMatchObject({ statusReason: 'insufficient_funds' });
    expect(await running().world.payments(declined)).toMatchObject([{ authorized: 0, captured: 0 }]);
  });

  it('is tried at the second acquirer after a technical decline of the first', async () => {
    const id = await place(running(), 'technical', editorOrder('technical', { token: 'tok_technical' }));
    const order = await untilStatus(running(), id, 'failed');
    expect(order.payment.attempts).toMatchObject([
      { gateway: 'acquirer_a', status: 'declined', declineClass: 'soft_technical' },
      { gateway: 'acquirer_b', status: 'declined', declineClass: 'soft_technical' },
    ]);
    expect(await captured(id)).toEqual([]);
  });

  it('is paid at the second acquirer while the first one is down', async () => {
    await running().world.addFault({ partner: 'acquirer_a', kind: 'error' });
    try {
      const id = await place(running(), 'a-down', editorOrder('a-down'));
      const order = await untilStatus(running(), id, 'completed');
      expect(order.payment).toMatchObject({ status: 'captured', gateway: 'acquirer_b' });
      expect(await running().world.payments(id)).toMatchObject([{ acquirer: 'acquirer_b', captured: 4900 }]);
    } finally {
      await running().world.endFaults('acquirer_a');
    }
  });

  it('is completed while the mail server is down, and its mail comes later, once', async () => {
    const { world } = running();
    const order = editorOrder('mail-down');
    await world.addFault({ partner: 'smtp', kind: 'error' });
    const id = await place(running(), 'mail-down', order);
    try {
      await untilStatus(running(), id, 'completed');
      expect(await world.mailsTo(order.customer.email)).toEqual([]);
    } finally {
      await world.endFaults('smtp');
    }
    await untilClosed(running(), id);
    expect((await world.mailsTo(order.customer.email)).map(({ subject }) => subject)).toEqual([
      `Order ${(await running().api.order(id)).number} confirmed`,
    ]);
  });

  it('gives a download that can be fetched five times, and an invoice as PDF', async () => {
    const { api, system } = running();
    const id = await place(running(), 'download', editorOrder('download'));
    const order = await untilStatus(running(), id, 'completed');
    const link = order.deliveries.find(({ method }) => method === 'download')?.details.link ?? '';
    const installer = readSampleFile('pixel-editor-install.sh').toString();
    for (let use = 1; use <= 5; use += 1) expect(await (await fetch(link)).text()).toBe(installer);
    expect(await callJson(link)).toMatchObject({ status: 410, body: { code: 'download.limit_reached' } });

    const fresh = (await api.order(id)).deliveries.find(({ method }) => method === 'download')?.details.link ?? '';
    expect(await callJson(fresh)).toMatchObject({ status: 410, body: { code: 'download.limit_reached' } });

    const pdf = await fetch(`${system.api}/v1/invoices/${order.invoice?.id}.pdf`, {
      headers: { authorization: `Bearer ${system.apiKey}` },
    });
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    const bytes = Buffer.from(await pdf.arrayBuffer());
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    expect(bytes.subarray(-8).toString()).toContain('%%EOF');
  });

  it('sends the buyer of a mail order a mail in which the links work', async () => {
    const order = editorOrder('links');
    const id = await place(running(), 'links', order);
    await untilClosed(running(), id);
    const mail = await waitUntil('the confirmation arrives', async () => {
      return (await running().world.mailsTo(order.customer.email))[0] ?? null;
    });
    const { deliveries } = await running().api.order(id);
    for (const key of deliveries.flatMap(({ details }) => details.licenseKeys ?? [])) expect(mail.text).toContain(key);
    const links = (mail.text ?? '').match(/http:\/\/[^\s\])>]+\/[di]\/[^\s\])>]+/g) ?? [];
    expect(links.map((link) => new URL(link).pathname.slice(0, 3)).sort()).toEqual(['/d/', '/i/']);
    for (const link of links) expect((await fetch(link)).status).toBe(200);
  });
});

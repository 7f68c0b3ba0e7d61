import { describe, expect, it, jest } from '@jest/globals';
import { idempotencyKeys } from '../../domain/idempotency.ts';
import { callJson } from '../../dev/system/json-call.ts';
import { waitUntil } from '../../dev/system/wait-until.ts';
import { editorOrder, journeyMs, place, systemOfThisFile, untilStatus } from '../support/system.ts';

jest.setTimeout(journeyMs);

// An Italian buyer of one pixel editor: 49.00 EUR with 22 % of tax in it.
function businessOrder(buyer: string, businessTaxId: string) {
  const order = editorOrder(buyer);
  const customer = { ...order.customer, country: 'IT', ipCountry: 'IT', type: 'business', businessTaxId };
  return { ...order, customer };
}

describe('the journey of an order whose business tax id the register could not be asked about', () => {
  const running = systemOfThisFile({ duplicateWebhooks: true });

  const charged = async (buyer: string, businessTaxId: string): Promise<string> => {
    const id = await place(running(), buyer, businessOrder(buyer, businessTaxId));
    await running().api.untilOrder(id, 'waits for the register', ({ timeline }) =>
      timeline.some(({ event }) => event === 'tax_confirmation_started'),
    );
    return id;
  };
  const stateOf = (id: string) =>
    waitUntil(`order ${id} has a tax confirmation`, async () => {
      const answer = await running().api.call(`/orders/${id}/tax-confirmation`);
      return answer.status === 200 ? answer.body : null;
    });
  const ask = (id: string, key: string) =>
    running().api.post(`/orders/${id}/tax-confirmation`, {}, { 'idempotency-key': `${running().runId}-${key}` });
  const mailOf = (buyer: string, subject: string) =>
    waitUntil(`the mail "${subject}" arrives`, async () => {
      const mails = await running().world.mailsTo(editorOrder(buyer).customer.email);
      return mails.find((mail) => mail.subject.includes(subject)) ?? null;
    });

  it('is charged with tax, gets it back once the register confirms, and the next order is not charged', async () => {
    const { api, world, system } = running();
    const id = await charged('late-register', 'IT00159560366');
    expect(await untilStatus(running(), id, 'completed')).toMatchObject({
      amounts: { net: 4016, tax: 884, gross: 4900 },
    });
    expect(await stateOf(id)).toMatchObject({ step: 'awaiting_register', tax: '8.84 EUR', asked: 0 });
    expect(await ask(id, 'too-early')).toMatchObject({ status: 200, body: { lastAnswer: 'unavailable', asked: 1 } });

    await world.tellRegister('IT00159560366', 'confirmed');
    expect(await ask(id, 'in-time')).toMatchObject({ status: 200, body: { lastAnswer: 'confirmed' } });
    const order = await running().api.untilOrder(
      id,
      'has its tax back',
      ({ refundStatus }) => refundStatus === 'partial',
    );
    expect(order).toMatchObject({
      status: 'completed',
      amounts: { net: 4016, tax: 884, gross: 4900 },
      refunds: [
        { id: idempotencyKeys.refundOfTax(id), amount: 884, status: 'succeeded', reason: 'business_tax_id_confirmed' },
      ],
    });
    expect(await world.payments(id)).toMatchObject([{ captured: 4900, refunded: 884 }]);
    const note = (await api.call(`/invoices/${order.creditNotes[0]?.id}`)).body;
    expect(note).toMatchObject({
      net: 0,
      tax: 884,
      gross: 884,
      reverseCharge: true,
      reason: 'business_tax_id_confirmed',
    });
    expect(JSON.stringify(note)).toContain('Inversione contabile');
    const pdf = await fetch(`${system.api}/v1/invoices/${order.creditNotes[0]?.id}.pdf`, {
      headers: { authorization: `Bearer ${system.apiKey}` },
    });
    expect(pdf.status).toBe(200);

    const mail = await mailOf('late-register', 'tax refunded');
    expect(mail.subject).toContain('€8.84');
    const link = /http:\/\/[^\s\])>]+\/i\/[^\s\])>]+/.exec(mail.text ?? '')?.[0] ?? '';
    expect((await fetch(link)).status).toBe(200);

    const ended = await waitUntil('the wait has ended', async () => {
      const { body } = await api.call(`/orders/${id}/tax-confirmation`);
      return JSON.stringify(body).includes('"step":"ended"') ? body : null;
    });
    expect(ended).toMatchObject({ outcome: 'confirmed', reason: null });
    expect(await ask(id, 'too-late')).toMatchObject({ status: 409, body: { code: 'tax.confirmation_not_waiting' } });

    const next = await place(running(), 'next', businessOrder('next', 'IT00159560366'));
    expect(await untilStatus(running(), next, 'completed')).toMatchObject({ amounts: { tax: 0, gross: 4016 } });
    expect(await api.call(`/orders/${next}/tax-confirmation`)).toMatchObject({ status: 409 });
  });

  it('keeps the tax when the register does not know the id, and says so', async () => {
    const { world, api } = running();
    await world.tellRegister('IT07643520567', 'unavailable');
    const id = await charged('unknown-id', 'IT07643520567');
    await stateOf(id);
    await world.tellRegister('IT07643520567', 'unknown');
    expect(await ask(id, 'unknown')).toMatchObject({ status: 200, body: { lastAnswer: 'unknown' } });
    const mail = await mailOf('unknown-id', 'business tax ID not valid');
    expect(mail.text).toContain('€8.84');
    const order = await api.order(id);
    expect(order).toMatchObject({ refundStatus: 'none', refunds: [], creditNotes: [] });
    expect(order.timeline.at(-1)).toMatchObject({ event: 'tax_kept_id_unknown' });
  });

  it('needs an API key to be asked about', async () => {
    const { system } = running();
    expect(await callJson(`${system.api}/v1/orders/ord_1/tax-confirmation`)).toMatchObject({ status: 401 });
  });
});

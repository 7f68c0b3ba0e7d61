import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeclineClass } from '../../../domain/payment/payment.ts';
import { declineClassOf } from '../../../domain/payment/decline-codes.ts';
import { GatewayOutcomeUnknown, GatewayUnreachable } from '../../../services/payment/payment-gateway.ts';
import type { AuthorizeRequest, GatewayPayment, PaymentGateway } from '../../../services/payment/payment-gateway.ts';
import type { FaultRequest } from '../../../dev/sandbox/faults.ts';

export interface GatewayUnderTest {
  /** How it takes money: cards are authorised at once and captured by us, deferred methods wait for the customer. */
  readonly style: 'card' | 'deferred';
  readonly method: string;
  readonly currency: string;
  /** Adapter whose requests go to `baseUrl` and wait at most `timeoutMs`. */
  readonly connect: (baseUrl: string, timeoutMs: number) => PaymentGateway;
}

/** The provider behind the adapter, over the wire. */
export interface ProviderUnderTest {
  readonly url: string;
  fault(fault: Omit<FaultRequest, 'partner'>): Promise<void>;
  clearFaults(): Promise<void>;
  /** The customer's and the bank's part. */
  act(path: string): Promise<void>;
  payments(reference: string): Promise<readonly { readonly id: string; readonly attempts: number }[]>;
  close(): Promise<void>;
}

/** What every adapter of PaymentGateway must do, whichever provider it speaks to. */
export function describePaymentGateway(
  name: string,
  under: GatewayUnderTest,
  open: () => Promise<ProviderUnderTest>,
): void {
  describe(`the payment gateway ${name}`, () => {
    let provider: ProviderUnderTest;
    let gateway: PaymentGateway;

    const euros = (amount: number) => ({ amount, currency: under.currency });
    const charge = (token: string, extra: Partial<AuthorizeRequest> = {}): AuthorizeRequest => {
      const reference = `ord_${randomUUID()}`;
      return {
        key: `order/${reference}/charge/1`,
        reference,
        amount: euros(10_000),
        method: under.method,
        token,
        returnUrl: 'https://shop.example/back?a=1&b=2',
        ...extra,
      };
    };
    /** A payment of 10000 whose money we have. */
    async function captured(): Promise<{ readonly paymentId: string; readonly request: AuthorizeRequest }> {
      const request = charge('tok_ok');
      const { paymentId } = await gateway.authorize(request);
      if (under.style === 'deferred') await provider.act(`/payments/${paymentId}/settle`);
      const answer = await gateway.capture({ key: `${request.key}/capture`, paymentId, amount: euros(10_000) });
      expect(answer.status).toBe('captured');
      return { paymentId, request };
    }

    beforeAll(async () => {
      provider = await open();
      gateway = under.connect(provider.url, 2_000);
    });
    beforeEach(() => provider.clearFaults());
    afterAll(() => provider.close());

    const opened: GatewayPayment['status'] = under.style === 'card' ? 'authorized' : 'pending';

    it('opens a payment and finds it again by its key', async () => {
      const request = charge('tok_ok');
      const answer = await gateway.authorize(request);
      expect(answer.status).toBe(opened);
      expect(await gateway.lookup({ key: request.key })).toEqual(answer);
    });

    it('knows no payment and no refund for a key that was never used', async () => {
      expect(await gateway.lookup({ key: 'order/none/charge/1' })).toBeNull();
      expect(await gateway.lookupRefund({ key: 'order/none/refund/1' })).toBeNull();
    });

    it('answers a repeated key with the same payment and makes no second one', async () => {
      const request = charge('tok_ok');
      const first = await gateway.authorize(request);
      expect(await gateway.authorize(request)).toEqual(first);
      expect(await provider.payments(request.reference)).toHaveLength(1);
    });

    it('calls the same key with another amount payment.idempotency_conflict', async () => {
      const request = charge('tok_ok');
      await gateway.authorize(request);
      await expect(gateway.authorize({ ...request, amount: euros(9_999) })).rejects.toMatchObject({
        code: 'payment.idempotency_conflict',
      });
      expect(await provider.payments(request.reference)).toHaveLength(1);
    });

    it('makes one payment of many requests at the same time under one key', async () => {
      const request = charge('tok_ok');
      const answers = await Promise.all(Array.from({ length: 8 }, () => gateway.authorize(request)));
      expect(new Set(answers.map(({ paymentId }) => paymentId)).size).toBe(1);
      expect(await provider.payments(request.reference)).toMatchObject([{ attempts: 8 }]);
    });

    it('voids what was not captured, once and again', async () => {
      const { paymentId } = await gateway.authorize(charge('tok_ok'));
      expect(await gateway.void({ key: `${paymentId}/void`, paymentId })).toEqual({ status: 'voided', paymentId });
      expect(await gateway.void({ key: `${paymentId}/void`, paymentId })).toEqual({ status: 'voided', paymentId });
      expect(await gateway.void({ key: `${paymentId}/void2`, paymentId })).toEqual({ status: 'voided', paymentId });
    });

    it('says that a payment is captured when it is too late to void it', async () => {
      const { paymentId } = await captured();
      expect(await gateway.void({ key: `${paymentId}/void`, paymentId })).toMatchObject({ status: 'captured' });
    });

    it('says that a payment is voided when it is too late to capture it', async () => {
      const { paymentId } = await gateway.authorize(charge('tok_ok'));
      await gateway.void({ key: `${paymentId}/void`, paymentId });
      const answer = await gateway.capture({ key: `${paymentId}/capture`, paymentId, amount: euros(10_000) });
      expect(answer).toEqual({ status: 'voided', paymentId });
    });

    it('refunds in parts up to what was captured and not a cent more', async () => {
      const { paymentId } = await captured();
      const refund = (key: string, amount: number) => gateway.refund({ key, paymentId, amount: euros(amount) });
      const first = await refund(`${paymentId}/refund/1`, 4_000);
      expect(first.status).toBe('succeeded');
      expect(await refund(`${paymentId}/refund/1`, 4_000)).toEqual(first);
      expect(await gateway.lookupRefund({ key: `${paymentId}/refund/1` })).toEqual(first);
      await expect(refund(`${paymentId}/refund/2`, 6_001)).rejects.toMatchObject({ code: 'payment.gateway_rejected' });
      expect((await refund(`${paymentId}/refund/3`, 6_000)).status).toBe('succeeded');
      await expect(refund(`${paymentId}/refund/1`, 3_999)).rejects.toMatchObject({
        code: 'payment.idempotency_conflict',
      });
    });

    it('says that a refund has failed which the bank sends back, and has its money again', async () => {
      const { paymentId } = await captured();
      const refund = { key: `${paymentId}/refund`, paymentId, amount: euros(4_000) };
      const { refundId } = await gateway.refund(refund);
      await provider.act(`/refunds/${refundId}/fail`);
      expect(await gateway.lookupRefund({ key: refund.key })).toMatchObject({ status: 'failed', refundId });
      expect((await gateway.refund({ ...refund, key: `${refund.key}/2`, amount: euros(10_000) })).status).toBe(
        'succeeded',
      );
    });

    it('says that a refund to a card or account that is closed has failed, and nothing has left', async () => {
      const { paymentId } = await captured();
      await provider.act(`/payments/${paymentId}/close-card`);
      const refund = { key: `${paymentId}/refund`, paymentId, amount: euros(4_000) };
      expect((await gateway.refund(refund)).status).toBe('failed');
      expect((await gateway.lookupRefund({ key: refund.key }))?.status).toBe('failed');
    });

    it('refuses to refund what was never captured', async () => {
      const { paymentId } = await gateway.authorize(charge('tok_ok'));
      await expect(gateway.refund({ key: `${paymentId}/refund`, paymentId, amount: euros(1) })).rejects.toMatchObject({
        code: 'payment.gateway_rejected',
      });
    });

    it('does not know the outcome when the answer is lost, and then finds exactly one payment', async () => {
      const request = charge('tok_lost_ok');
      const lost = await gateway.authorize(request).catch((error: unknown) => error);
      expect(lost).toBeInstanceOf(GatewayOutcomeUnknown);
      expect(lost).toMatchObject({ answered: false });
      const found = await gateway.lookup({ key: request.key });
      expect(found?.status).toBe(opened);
      expect(await gateway.authorize(request)).toEqual(found);
      expect(await provider.payments(request.reference)).toHaveLength(1);
    });

    it('does not know the outcome of a capture or refund whose answer is lost, and repeats it safely', async () => {
      const { paymentId } = await captured();
      await provider.fault({ kind: 'lost_response', times: 1 });
      const refund = { key: `${paymentId}/refund`, paymentId, amount: euros(700) };
      await expect(gateway.refund(refund)).rejects.toBeInstanceOf(GatewayOutcomeUnknown);
      const found = await gateway.lookupRefund({ key: refund.key });
      expect(found?.status).toBe('succeeded');
      expect(await gateway.refund(refund)).toEqual(found);
    });

    it('does not know the outcome when no answer comes in time', async () => {
      await provider.fault({ kind: 'timeout', times: 1 });
      const request = charge('tok_ok');
      const hasty = under.connect(provider.url, 150);
      await expect(hasty.authorize(request)).rejects.toBeInstanceOf(GatewayOutcomeUnknown);
      expect(await gateway.lookup({ key: request.key })).toBeNull();
    });

    it('does not know the outcome of a slow answer, which was done all the same', async () => {
      await provider.fault({ kind: 'slow', times: 1 });
      const request = charge('tok_ok');
      const hasty = under.connect(provider.url, 150);
      await expect(hasty.authorize(request)).rejects.toBeInstanceOf(GatewayOutcomeUnknown);
      expect((await gateway.lookup({ key: request.key }))?.status).toBe(opened);
    });

    it('is unreachable when the provider says that it did not process the request', async () => {
      await provider.fault({ kind: 'error', times: 1 });
      const request = charge('tok_ok');
      await expect(gateway.authorize(request)).rejects.toBeInstanceOf(GatewayUnreachable);
      expect(await provider.payments(request.reference)).toHaveLength(0);
    });

    it('is unreachable when nobody listens or the name is unknown', async () => {
      const nobody = under.connect(`http://127.0.0.1:${await freePort()}`, 2_000);
      await expect(nobody.authorize(charge('tok_ok'))).rejects.toBeInstanceOf(GatewayUnreachable);
      const nowhere = under.connect('http://no-such-provider.invalid', 5_000);
      await expect(nowhere.authorize(charge('tok_ok'))).rejects.toBeInstanceOf(GatewayUnreachable);
    });

    if (under.style === 'card') describeCards();
    else describeDeferred();

    function describeCards(): void {
      it.each([
        ['tok_funds', 'insufficient_funds', 'soft_funds'],
        ['tok_stolen', 'stolen_card', 'hard'],
        ['tok_expired', 'expired_card', 'fix_data'],
        ['tok_do_not_honor', 'do_not_honor', 'vague'],
        ['tok_technical', 'issuer_not_available', 'soft_technical'],
        ['tok_that_is_no_card', 'incorrect_number', 'hard'],
      ] satisfies [string, string, DeclineClass][])(
        'declines %s as %s, class %s',
        async (token, code, declineClass) => {
          const answer = await gateway.authorize(charge(token));
          expect(answer).toMatchObject({ status: 'declined', declineCode: code });
          expect(declineClassOf(code)).toBe(declineClass);
        },
      );

      it("tells the card's fingerprint, network and approval, the same for one customer and another for the next", async () => {
        const cardOf = async (customerId: string) => {
          const answer = await gateway.authorize(charge('tok_ok', { customerId }));
          return answer.status === 'authorized' ? answer.card : null;
        };
        const [first, again, other] = [await cardOf('cus_1'), await cardOf('cus_1'), await cardOf('cus_2')];
        expect(first).toMatchObject({ network: 'visa', issuerCountry: 'DE', fingerprint: expect.stringMatching(/./) });
        expect(first?.networkTransactionId).toMatch(/./);
        expect(again?.networkTransactionId).not.toBe(first?.networkTransactionId);
        expect(again?.fingerprint).toBe(first?.fingerprint);
        expect(other?.fingerprint).not.toBe(first?.fingerprint);
      });

      it.each([
        ['tok_stolen', '43', '03', 'mastercard'],
        ['tok_do_not_honor', '05', '02', 'mastercard'],
        ['tok_funds', '51', null, 'visa'],
        ['tok_expired', '54', null, 'visa'],
      ])("passes the network's code and advice on with %s: %s, %s", async (token, code, advice, network) => {
        expect(await gateway.authorize(charge(token))).toMatchObject({
          ...{ networkDeclineCode: code, networkAdviceCode: advice },
          card: { network, networkTransactionId: null },
        });
      });

      it('finds the decline whose answer was lost', async () => {
        const request = charge('tok_lost_declined');
        await expect(gateway.authorize(request)).rejects.toBeInstanceOf(GatewayOutcomeUnknown);
        expect(await gateway.lookup({ key: request.key })).toMatchObject({ status: 'declined' });
      });

      it('passes risk signals on', async () => {
        const answer = await gateway.authorize(charge('tok_risky'));
        expect(answer.status === 'authorized' && answer.riskSignals.length > 0).toBe(true);
      });

      it('captures in parts up to what was authorised and not a cent more', async () => {
        const { paymentId } = await gateway.authorize(charge('tok_ok'));
        const capture = (key: string, amount: number) => gateway.capture({ key, paymentId, amount: euros(amount) });
        expect((await capture(`${paymentId}/capture/1`, 2_500)).status).toBe('captured');
        expect((await capture(`${paymentId}/capture/1`, 2_500)).status).toBe('captured');
        await expect(capture(`${paymentId}/capture/2`, 7_501)).rejects.toMatchObject({
          code: 'payment.gateway_rejected',
        });
        expect((await capture(`${paymentId}/capture/3`, 7_500)).status).toBe('captured');
        await expect(capture(`${paymentId}/capture/4`, 1)).rejects.toMatchObject({ code: 'payment.gateway_rejected' });
      });

      it.each(['complete', 'fail'])('needs the customer for tok_3ds, who may %s it', async (end) => {
        const request = charge('tok_3ds');
        const asked = await gateway.authorize(request);
        expect(asked).toMatchObject({ status: 'action_required', actionUrl: expect.stringMatching(/^http/) });
        await provider.act(`/3ds/${asked.paymentId}/${end}`);
        expect(await gateway.lookup({ key: request.key })).toMatchObject(
          end === 'complete'
            ? { status: 'authorized' }
            : { status: 'declined', declineCode: 'authentication_required' },
        );
      });

      it('cannot authenticate a customer who is not there', async () => {
        const answer = await gateway.authorize(charge('tok_3ds', { offSession: true }));
        expect(answer).toMatchObject({ status: 'declined', declineCode: 'authentication_required' });
      });

      it('declines the next two off-session charges of tok_ok_then_funds_2, per customer', async () => {
        const statuses = async (customerId: string) => {
          const seen: string[] = [];
          for (const offSession of [false, true, true, true, true])
            seen.push((await gateway.authorize(charge('tok_ok_then_funds_2', { offSession, customerId }))).status);
          return seen;
        };
        const expected = ['authorized', 'declined', 'declined', 'authorized', 'authorized'];
        expect(await statuses(`cus_${randomUUID()}`)).toEqual(expected);
        expect(await statuses(`cus_${randomUUID()}`)).toEqual(expected);
      });

      it('tells of an authorisation that lapsed', async () => {
        const request = charge('tok_ok');
        const { paymentId } = await gateway.authorize(request);
        await provider.act(`/payments/${paymentId}/expire`);
        expect(await gateway.lookup({ key: request.key })).toEqual({ status: 'expired', paymentId });
      });
    }

    function describeDeferred(): void {
      it('says where the customer finds out how to pay', async () => {
        const answer = await gateway.authorize(charge('tok_bank'));
        expect(answer).toMatchObject({ status: 'pending', actionUrl: expect.stringMatching(/^http/) });
      });

      it('has the whole amount once the customer paid', async () => {
        const request = charge('tok_voucher');
        const { paymentId } = await gateway.authorize(request);
        await provider.act(`/payments/${paymentId}/settle`);
        expect(await gateway.lookup({ key: request.key })).toMatchObject({ status: 'captured', paymentId });
      });

      it('expires when the customer never pays', async () => {
        const request = charge('tok_bank');
        const { paymentId } = await gateway.authorize(request);
        await provider.act(`/payments/${paymentId}/expire`);
        expect(await gateway.lookup({ key: request.key })).toEqual({ status: 'expired', paymentId });
      });

      it('captures nothing before the money is there, and never a part of it', async () => {
        const { paymentId } = await gateway.authorize(charge('tok_bank'));
        const capture = (amount: number) =>
          gateway.capture({ key: `${paymentId}/capture`, paymentId, amount: euros(amount) });
        expect((await capture(10_000)).status).toBe('pending');
        await expect(capture(5_000)).rejects.toMatchObject({ code: 'payment.gateway_rejected' });
      });
    }
  });
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return address.port;
}

import { describe, expect, it } from '@jest/globals';
import * as acquirer from '../../../services/payment/adapters/sandbox-acquirer/sandbox-acquirer.mapping.ts';
import * as deferred from '../../../services/payment/adapters/sandbox-deferred-payments/sandbox-deferred-payments.mapping.ts';
import { readGatewayAnswer } from '../../../services/payment/adapters/gateway-answer.ts';
import { acquirerPaymentSchema } from '../../../services/payment/adapters/sandbox-acquirer/sandbox-acquirer.mapping.ts';

describe('what providers say, in our words', () => {
  it('takes a status that nobody has heard of for pending, never for success or failure', () => {
    const payment = acquirerPaymentSchema.parse({ pspReference: 'p', status: '' });
    for (const status of ['', 'NEW_IN_2027', 'authorised', 'constructor'])
      expect(acquirer.toGatewayPayment({ ...payment, status }).status).toBe('pending');
    const collection = { collectionId: 'c', minorUnits: 1, currency: 'EUR', reason: null, instructionsUrl: null };
    for (const state of ['', 'paid_partly', 'FUNDED'])
      expect(deferred.toGatewayPayment({ ...collection, state }).status).toBe('pending');
    expect(acquirer.toGatewayRefund({ refundReference: 'r', status: 'NEW', failureReason: null }).status).toBe(
      'pending',
    );
    expect(deferred.toGatewayRefund({ payoutId: 'r', state: 'new' }).status).toBe('pending');
  });

  it('takes a refusal code that nobody has heard of for a generic decline', () => {
    const refused = acquirerPaymentSchema.parse({ pspReference: 'p', status: 'REFUSED' });
    for (const [refusalCode, networkDeclineCode] of [
      [null, null],
      ['99', '99'],
      ['MOON_PHASE', null],
    ] as const)
      expect(acquirer.toGatewayPayment({ ...refused, refusalCode })).toEqual({
        ...{ status: 'declined', paymentId: 'p', declineCode: 'generic_decline' },
        ...{ networkDeclineCode, networkAdviceCode: null, card: null },
      });
  });

  it("passes the network's code and advice on in the network's own words, whatever the acquirer calls them", () => {
    const refused = acquirerPaymentSchema.parse({ pspReference: 'p', status: 'REFUSED' });
    const stolen = { declineCode: 'stolen_card', networkDeclineCode: '43', networkAdviceCode: '03' };
    expect(acquirer.toGatewayPayment({ ...refused, refusalCode: '43', adviceCode: '03' })).toMatchObject(stolen);
    expect(
      acquirer.toGatewayPayment({
        ...refused,
        refusalCode: 'CARD_REPORTED_STOLEN',
        adviceCode: 'DO_NOT_TRY_AGAIN',
      }),
    ).toMatchObject(stolen);
  });

  it('says why a refund failed where the acquirer does, and does not guess where it does not', () => {
    const failed = { refundReference: 'r', status: 'FAILED' };
    const failure = (failureReason: string | null) => acquirer.toGatewayRefund({ ...failed, failureReason }).failure;
    expect(failure('CARD_CLOSED')).toBe('card_closed');
    expect(failure('REJECTED_BY_ISSUER')).toBe('declined');
    expect(failure('SUNSPOTS')).toBe('unknown');
    expect(failure(null)).toBe('unknown');
  });
});

describe('an answer of a provider', () => {
  const read = (status: number, body: unknown) => () =>
    readGatewayAnswer('acquirer_x', { kind: 'answered', status, body }, acquirerPaymentSchema);
  const error = (code: string, processed?: boolean) => ({ error: { code, processed } });

  it.each([
    [503, error('service_unavailable', false), { name: 'GatewayUnreachable' }],
    [429, undefined, { name: 'GatewayUnreachable' }],
    [503, error('service_unavailable'), { name: 'GatewayOutcomeUnknown', answered: true }],
    [500, undefined, { name: 'GatewayOutcomeUnknown', answered: true }],
    [502, undefined, { name: 'GatewayOutcomeUnknown', answered: false }],
    [504, undefined, { name: 'GatewayOutcomeUnknown', answered: false }],
    [302, undefined, { name: 'GatewayOutcomeUnknown' }],
    [200, undefined, { name: 'GatewayOutcomeUnknown', answered: true }],
    [200, { status: 'AUTHORISED' }, { name: 'GatewayOutcomeUnknown', answered: true }],
    [409, error('idempotency_key_reused'), { code: 'payment.idempotency_conflict' }],
    [401, error('unauthorised'), { code: 'payment.gateway_rejected' }],
    [422, error('amount_too_large'), { code: 'payment.gateway_rejected' }],
  ])('of %i with %j is %j', (status, body, expected) => {
    let thrown: unknown = null;
    try {
      read(status, body)();
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toMatchObject(expected);
  });
});

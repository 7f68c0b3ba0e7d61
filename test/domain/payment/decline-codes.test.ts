import { describe, expect, it } from '@jest/globals';
import { declineClassOf, declineCodes } from '../../../domain/payment/decline-codes.ts';
import type { DeclineClass } from '../../../domain/payment/payment.ts';

describe('decline codes', () => {
  it.each([
    ['stolen_card', 'hard'],
    ['fraudulent', 'hard'],
    ['authentication_required', 'authentication'],
    ['expired_card', 'fix_data'],
    ['insufficient_funds', 'soft_funds'],
    ['issuer_not_available', 'soft_technical'],
    ['do_not_honor', 'vague'],
  ] satisfies [string, DeclineClass][])('%s is %s', (code, declineClass) => {
    expect(declineClassOf(code)).toBe(declineClass);
  });

  it('calls a code that nobody has heard of vague', () => {
    for (const code of ['', 'brand_new_code', 'constructor', '__proto__', 'INSUFFICIENT_FUNDS'])
      expect(declineClassOf(code)).toBe('vague');
  });

  it('has one row in force per code, with a date and a source', () => {
    const inForce = declineCodes.filter(({ validTo }) => validTo === null).map(({ code }) => code);
    expect(new Set(inForce).size).toBe(inForce.length);
    for (const { validFrom, source } of declineCodes) {
      expect(validFrom).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(source).not.toBe('');
    }
  });
});

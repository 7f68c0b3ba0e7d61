import { describe, expect, it } from '@jest/globals';
import { isPercentOff, percentOffRate } from '../../../domain/catalog/coupon.ts';

describe('percentages off', () => {
  it.each([
    ['10', { amount: 10, scale: 2 }],
    ['12.5', { amount: 125, scale: 3 }],
    ['100', { amount: 100, scale: 2 }],
    ['0.5', { amount: 5, scale: 3 }],
  ])('reads %s percent', (text, rate) => {
    expect(percentOffRate(text)).toEqual(rate);
  });

  it.each(['0', '0.0', '101', '100.1', '-5', '10%', '', '1e1', '10.00001'])('refuses %j', (text) => {
    expect(isPercentOff(text)).toBe(false);
    expect(() => percentOffRate(text)).toThrow(expect.objectContaining({ code: 'request.invalid' }));
  });
});

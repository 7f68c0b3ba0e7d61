import { describe, expect, it } from '@jest/globals';
import { freezeTerms, termsAt } from '../../../domain/seller/seller.ts';
import { termsChangeProblems } from '../../../domain/seller/terms-change.ts';
import { sampleTerms } from './sample-terms.ts';

describe('the terms in force', () => {
  const first = sampleTerms({ validTo: '2028-01-01T00:00:00.000Z' });
  const second = sampleTerms({ validFrom: '2028-01-01T00:00:00.000Z', validTo: '2029-01-01T00:00:00.000Z' });

  it.each([
    ['2026-12-31T23:59:59.999Z', null],
    ['2027-01-01T00:00:00.000Z', first],
    ['2027-12-31T23:59:59.999Z', first],
    ['2028-01-01T00:00:00.000Z', second],
    ['2028-12-31T23:59:59.999Z', second],
    ['2029-01-01T00:00:00.000Z', null],
  ])('at %s are those of the period, half open', (at, expected) => {
    expect(termsAt([first, second], at)).toBe(expected);
  });

  it('without an end hold for ever', () => {
    expect(termsAt([sampleTerms()], '2099-01-01T00:00:00.000Z')).toEqual(sampleTerms());
    expect(termsAt([], '2099-01-01T00:00:00.000Z')).toBeNull();
  });

  it('are frozen on a line with the fixed fee of its currency, and none where the contract names none', () => {
    const rest = { role: 'principal', commissionBasisPoints: 1_500, gatewayFees: 'us' };
    expect(freezeTerms(sampleTerms(), 'USD')).toEqual({ ...rest, fixedFee: 35 });
    expect(freezeTerms(sampleTerms(), 'JPY')).toEqual({ ...rest, fixedFee: 0 });
  });
});

describe('changing terms', () => {
  const earliest = '2027-06-01T00:00:00.000Z';
  const change = (next: Parameters<typeof sampleTerms>[0][], current = [sampleTerms()]) =>
    termsChangeProblems(current, next.map(sampleTerms), earliest);

  it('keeps what has begun as it is, whatever the order of its fees', () => {
    expect(change([{}])).toEqual([]);
    expect(change([{ fixedFees: [...sampleTerms().fixedFees].reverse() }])).toEqual([]);
    for (const other of [
      { role: 'agent' as const },
      { commissionBasisPoints: 1_499 },
      { fixedFees: [{ currency: 'EUR', amount: 30 }] },
      { fixedFees: [] },
      { gatewayFees: 'seller' as const },
      { source: 'Contract 2' },
    ])
      expect(change([other])).toEqual([{ path: 'terms[0]', message: 'has begun: only its end can be changed' }]);
  });

  it('may not take away what has begun', () => {
    const message = 'the terms from 2027-01-01T00:00:00.000Z have begun and must stay';
    expect(change([])).toEqual([{ path: 'terms', message }]);
    expect(change([{ validFrom: '2027-07-01T00:00:00.000Z' }])).toEqual([{ path: 'terms', message }]);
  });

  it('may give what has begun an end that is still to come, and the terms that follow', () => {
    const end = { validTo: earliest };
    expect(change([end, { validFrom: earliest, role: 'agent' }])).toEqual([]);
    const moved = (validTo: string | null, from: string | null) =>
      change([{ validTo }], [sampleTerms({ validTo: from })]);
    expect(moved('2027-08-01T00:00:00.000Z', '2027-07-01T00:00:00.000Z')).toEqual([]);
    expect(moved(null, '2027-07-01T00:00:00.000Z')).toEqual([]);
    const tooLate = [{ path: 'terms[0].validTo', message: `must not move what is before ${earliest}` }];
    expect(moved('2027-05-31T23:59:59.999Z', null)).toEqual(tooLate);
    expect(moved(null, '2027-05-31T23:59:59.999Z')).toEqual(tooLate);
    expect(moved('2027-05-31T23:59:59.999Z', '2027-05-31T23:59:59.999Z')).toEqual([]);
  });

  it('lets terms begin from the earliest moment on, and lets what has not begun be changed freely', () => {
    expect(change([{}, { validFrom: earliest }])).toEqual([]);
    expect(change([{}, { validFrom: '2027-05-31T23:59:59.999Z' }])).toEqual([
      { path: 'terms[1].validFrom', message: `must not be before ${earliest}` },
    ]);
    const coming = [sampleTerms({ validFrom: earliest })];
    expect(change([{ validFrom: earliest, role: 'agent' }], coming)).toEqual([]);
    expect(change([], coming)).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { convertTrial, extendTrial, trialGuardKeys } from '../../../domain/subscription/trial.ts';

const startedAt = '2027-03-20T10:00:00.000Z';

describe('the guard against a second trial', () => {
  it('knows the inbox and the card, for each product apart', () => {
    expect(trialGuardKeys({ product: 'pro', emailHash: 'e1', cardFingerprint: 'c1' })).toEqual([
      'trial/pro/email/e1',
      'trial/pro/card/c1',
    ]);
    expect(trialGuardKeys({ product: 'pro', emailHash: 'e1', cardFingerprint: null })).toEqual(['trial/pro/email/e1']);
  });
});

describe('changing a trial', () => {
  const trial = { startedAt, endsAt: '2027-04-03T10:00:00.000Z', at: '2027-03-30T00:00:00.000Z' };

  it('makes it longer', () => {
    expect(extendTrial(trial, '2027-04-10T12:00:00+02:00')).toEqual({
      kind: 'allowed',
      trialEnd: '2027-04-10T10:00:00.000Z',
    });
  });

  it('never makes it shorter, nor longer than two years', () => {
    expect(extendTrial(trial, trial.endsAt)).toMatchObject({ code: 'subscription.change_invalid' });
    expect(extendTrial(trial, '2029-03-19T10:00:00.000Z').kind).toBe('allowed');
    expect(extendTrial(trial, '2029-03-19T10:00:01.000Z')).toMatchObject({ code: 'subscription.change_invalid' });
  });

  it('ends it at once for whoever wants to pay, if there is something to pay with', () => {
    expect(convertTrial({ ...trial, hasMethod: true })).toEqual({ kind: 'allowed', trialEnd: trial.at });
    expect(convertTrial({ ...trial, hasMethod: false })).toMatchObject({ code: 'subscription.method_required' });
  });

  it.each([
    ['there was none', { ...trial, endsAt: null }],
    ['it is over', { ...trial, at: trial.endsAt }],
  ])('is refused where %s', (_case, over) => {
    expect(extendTrial(over, '2027-05-01T00:00:00Z')).toMatchObject({ code: 'subscription.not_trialing' });
    expect(convertTrial({ ...over, hasMethod: true })).toMatchObject({ code: 'subscription.not_trialing' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { missedNotices, planNotices, priceForPeriod } from '../../../domain/notice/notice-schedule.ts';
import type { NoticeFacts } from '../../../domain/notice/notice-schedule.ts';

function facts(change: Partial<NoticeFacts> = {}): NoticeFacts {
  return {
    country: 'DE',
    region: null,
    customerType: 'consumer',
    network: null,
    timeZone: 'Europe/Berlin',
    interval: { interval: 'month', count: 1 },
    trialDays: null,
    ...change,
  };
}
const california = facts({ country: 'US', region: 'us-ca', timeZone: 'America/Los_Angeles' });
const due = '2026-12-15T10:00:00.000Z';
const days = (kind: Parameters<typeof planNotices>[0], who: NoticeFacts, at = due) =>
  planNotices(kind, at, who).map(({ daysBefore }) => daysBefore);

describe('the notices of an event', () => {
  it('are one mail exactly 7 days before a trial ends, which satisfies Visa, Mastercard and California', () => {
    const [only, ...others] = planNotices('trial_end', due, { ...california, trialDays: 45 });
    expect(others).toEqual([]);
    expect(only).toMatchObject({
      daysBefore: 7,
      sendAt: '2026-12-08T10:00:00.000Z',
      before: '2026-12-09T08:00:00.000Z',
    });
    expect(only?.rules).toEqual([
      'visa.trial_end',
      'own.trial_end',
      'mastercard.trial_end',
      'us_ca.trial_end',
      'own.trial_end_3_days',
      'own.trial_end_1_day',
    ]);
  });

  it.each([
    [30, [7]],
    [7, [7]],
    [5, [3]],
    [2, [1]],
    [0, []],
  ])('leave as much time as a trial of %i days has', (trialDays, expected) => {
    expect(days('trial_end', facts({ trialDays }))).toEqual(expected);
  });

  it('leave out the rules of other networks, markets and lengths', () => {
    expect(planNotices('trial_end', due, facts({ network: 'visa', trialDays: 14 }))[0]?.rules).toEqual([
      'visa.trial_end',
      'own.trial_end',
      'own.trial_end_3_days',
      'own.trial_end_1_day',
    ]);
    expect(days('renewal', facts())).toEqual([]);
    expect(days('annual_reminder', facts())).toEqual([]);
    expect(days('pre_debit', facts())).toEqual([]);
  });

  it.each([
    ['a year in Germany', facts({ interval: { interval: 'year', count: 1 } }), [30]],
    ['12 months in California', { ...california, interval: { interval: 'month', count: 12 } as const }, [30]],
    ['half a year on a Mastercard', facts({ network: 'mastercard', interval: { interval: 'month', count: 6 } }), [7]],
    ['52 weeks', facts({ interval: { interval: 'week', count: 52 } }), [30]],
    ['half a year on a Visa card', facts({ network: 'visa', interval: { interval: 'month', count: 6 } }), []],
  ] as const)('announce the renewal of %s', (_what, who, expected) => {
    expect(days('renewal', who)).toEqual(expected);
  });

  it('are two mails where no single day satisfies all: France asks for a month, Mastercard for no more than 30 days', () => {
    const who = facts({ country: 'FR', network: 'mastercard', interval: { interval: 'year', count: 1 } });
    expect(planNotices('renewal', due, who).map(({ daysBefore, rules }) => [daysBefore, rules])).toEqual([
      [31, ['fr.renewal', 'own.renewal']],
      [7, ['mastercard.renewal']],
    ]);
  });

  it('are sent at the same time of day as the event, over a change of the clock too', () => {
    const [notice] = planNotices('price_change', '2026-11-05T18:00:00.000Z', california);
    // 10:00 in winter there; a week before it, 10:00 in summer.
    expect(notice?.sendAt).toBe('2026-10-29T17:00:00.000Z');
  });

  it('remind people in California once a year, since the law asks for it', () => {
    expect(days('annual_reminder', california)).toEqual([0]);
    expect(days('annual_reminder', california, '2025-06-30T10:00:00.000Z')).toEqual([]);
  });

  it('announce a debit in India two days before', () => {
    expect(days('pre_debit', facts({ country: 'IN' }))).toEqual([2]);
  });
});

describe('what was sent in time', () => {
  const change = facts({ timeZone: 'America/Los_Angeles', country: 'US', region: 'CA' });

  it('is told by days of the customer, both ends of a window included', () => {
    // 7 days before 15 December there: the whole of the 8th.
    const first = '2026-12-08T08:00:00.000Z';
    const last = '2026-12-09T07:59:59.000Z';
    expect(missedNotices('price_change', due, [first], change)).toEqual([]);
    expect(missedNotices('price_change', due, [last], change)).toEqual([]);
    expect(missedNotices('price_change', due, ['2026-12-09T08:00:00.000Z'], change).map(({ rule }) => rule)).toEqual([
      'visa.price_change',
      'us_ca.price_change',
      'own.price_change',
    ]);
  });

  it('does not count when it was sent too early', () => {
    const visa = { ...change, network: 'visa' as const };
    expect(missedNotices('price_change', due, ['2026-11-14T20:00:00.000Z'], visa).map(({ rule }) => rule)).toEqual([
      'us_ca.price_change',
    ]);
  });
});

describe('the price of a period', () => {
  const request = { periodStart: due, oldAmount: 1000, newAmount: 1200, noticesSentAt: [], facts: facts() };

  it('is the new one when every notice was sent in time', () => {
    expect(priceForPeriod({ ...request, noticesSentAt: ['2026-12-08T10:00:00.000Z'] })).toEqual({ price: 'new' });
  });

  it('is the old one when a notice came late or not at all, and says by which rule', () => {
    expect(priceForPeriod(request)).toMatchObject({ price: 'old', rule: 'visa.price_change' });
    const late = { ...request, facts: facts({ network: 'amex' }), noticesSentAt: ['2026-12-09T10:00:00.000Z'] };
    expect(priceForPeriod(late)).toEqual({ price: 'old', rule: 'own.price_change', source: 'our own policy' });
  });

  it('is the new one without a notice when it is lower', () => {
    expect(priceForPeriod({ ...request, newAmount: 900 })).toEqual({ price: 'new' });
  });
});

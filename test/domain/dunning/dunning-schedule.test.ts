import { describe, expect, it } from '@jest/globals';
import {
  adviceAfterDecline,
  claimAtTheEnd,
  dunningNoticeAt,
  dunningStageAt,
  nextDunningMoment,
  nextDunningStage,
  nextRetryAt,
  retryAfterRefusal,
} from '../../../domain/dunning/dunning-schedule.ts';
import type { RetryFacts } from '../../../domain/dunning/dunning-schedule.ts';

/** A renewal in Berlin that fails on Monday 2 November 2026 at 12:00 local time. */
function facts(change: Partial<RetryFacts> = {}): RetryFacts {
  const failed = '2026-11-02T11:00:00.000Z';
  return {
    declineClass: 'soft_funds',
    attempts: 0,
    firstFailedAt: failed,
    at: failed,
    timeZone: 'Europe/Berlin',
    market: 'DE',
    ...change,
  };
}

/** Every retry of a case whose declines are all of one class. */
function ladder(start: RetryFacts): string[] {
  const moments: string[] = [];
  let current = start;
  for (let next = nextRetryAt(current); next.kind === 'retry'; next = nextRetryAt(current)) {
    moments.push(next.at);
    current = { ...current, attempts: current.attempts + 1, at: next.at };
  }
  return moments;
}

describe('the next retry of an unpaid renewal', () => {
  it.each([
    ['hard', 'new_method'],
    ['authentication', 'confirm'],
    ['fix_data', 'update_data'],
  ] as const)('waits for the customer after a decline of class %s', (declineClass, need) => {
    expect(nextRetryAt(facts({ declineClass }))).toEqual({ kind: 'customer', need });
  });

  it('comes within minutes, then hours, then days after a technical decline', () => {
    const moments = ladder(facts({ declineClass: 'soft_technical' }));
    expect(moments.slice(0, 2)).toEqual(['2026-11-02T11:15:00.000Z', '2026-11-02T15:15:00.000Z']);
    expect(moments.slice(2).map((at) => at.slice(0, 10))).toEqual([
      '2026-11-04',
      '2026-11-06',
      '2026-11-10',
      '2026-11-16',
    ]);
  });

  it('comes in the morning of the days of the schedule after a vague one', () => {
    const early = facts({
      declineClass: 'vague',
      firstFailedAt: '2026-11-02T05:00:00.000Z',
      at: '2026-11-02T05:00:00.000Z',
    });
    expect(ladder(early).map((at) => at.slice(0, 10))).toEqual([
      '2026-11-03',
      '2026-11-06',
      '2026-11-10',
      '2026-11-16',
    ]);
  });

  it('waits for a payday that is near where money was missing: Fridays, the 1st and the 15th', () => {
    const early = facts({ firstFailedAt: '2026-11-02T05:00:00.000Z', at: '2026-11-02T05:00:00.000Z' });
    // Days 1, 3 (to Friday), 6, 10 (to Friday), 13 (the 15th), 20 and 25.
    expect(ladder(early).map((at) => at.slice(8, 10))).toEqual(['03', '06', '08', '13', '15', '22', '27']);
  });

  it('is exhausted after eight automatic retries, whatever the class', () => {
    expect(nextRetryAt(facts({ attempts: 8 }))).toEqual({ kind: 'exhausted' });
    expect(nextRetryAt(facts({ at: '2026-11-30T09:00:00.000Z', attempts: 3 }))).toEqual({ kind: 'exhausted' });
  });

  it('does not come while a charge of the subscription is disputed', () => {
    expect(nextRetryAt(facts({ disputed: true }))).toEqual({ kind: 'disputed' });
  });

  it('moves to the first morning after the governor lets it', () => {
    const where = facts();
    const morning = retryAfterRefusal('2026-11-05T06:00:00.000Z', where);
    expect(morning).toMatch(/^2026-11-05T0[78]:/);
    expect(retryAfterRefusal(morning, where)).toBe(morning);
    expect(retryAfterRefusal('2026-11-05T12:00:00.000Z', where)).toBe(morning.replace('-05T', '-06T'));
  });

  it('names what is missing where no policy is on file', () => {
    expect(() => nextRetryAt(facts({ firstFailedAt: '2019-12-31T10:00:00.000Z' }))).toThrow('No dunning policy');
  });
});

describe('the stages of an unpaid subscription', () => {
  const since = '2026-11-02T11:00:00.000Z';
  const after = (days: number, ms = 0) => new Date(Date.parse(since) + days * 86_400_000 + ms).toISOString();

  it.each([
    [0, 'grace', 'grace'],
    [7, 'grace', 'restricted'],
    [14, 'restricted', 'suspended'],
    [28, 'suspended', 'cancelled'],
  ] as const)('change on day %i, to the millisecond', (day, before, from) => {
    if (day > 0) expect(dunningStageAt(since, after(day, -1))).toBe(before);
    expect(dunningStageAt(since, after(day))).toBe(from);
  });

  it('say what comes next and when', () => {
    expect(nextDunningStage(since, after(3))).toEqual({ stage: 'restricted', at: after(7) });
    expect(nextDunningStage(since, after(28))).toBeNull();
  });

  it('tell the customer on the days of the policy, and only the last thing to somebody who was not told for long', () => {
    const told: [number, string][] = [];
    for (let at: string | null = since; at !== null; at = nextDunningMoment(since, at)) {
      const notice = dunningNoticeAt(since, at);
      if (notice !== null && notice.day !== told.at(-1)?.[0]) told.push([notice.day, notice.template]);
    }
    expect(told).toEqual([
      [0, 'payment_failed'],
      [3, 'payment_failed'],
      [7, 'access_restricted'],
      [12, 'payment_last_notice'],
      [14, 'access_suspended'],
      [25, 'payment_last_notice'],
      [28, 'subscription_cancelled'],
    ]);
    expect(dunningNoticeAt(since, after(20))).toEqual({ day: 14, template: 'access_suspended' });
  });

  it('end with what policy says of the claim', () => {
    expect(claimAtTheEnd({ country: 'DE', customerType: 'consumer' }, since)).toBe('void');
    expect(claimAtTheEnd({ country: 'US', customerType: 'business' }, since)).toBe('void');
  });

  it('advise the customer by the class of the decline', () => {
    expect(adviceAfterDecline).toMatchObject({ hard: 'new_method', authentication: 'confirm', soft_funds: 'funds' });
  });
});

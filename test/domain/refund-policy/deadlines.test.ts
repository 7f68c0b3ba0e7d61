import { describe, expect, it } from '@jest/globals';
import { decideRefund } from '../../../domain/refund-policy/decide-refund.ts';
import type { RefundFacts } from '../../../domain/refund-policy/refund-facts.ts';
import { around, factsOf } from './refund-facts.ts';

// Goal: per market and kind of product, who withdraws one minute before the period ends in the customer's zone is let go,
// and one minute after it is not. Deadlines are written out in UTC, computed by hand from the calendar.

interface Case {
  readonly market: string;
  readonly kind: RefundFacts['kind'];
  readonly buyer: Partial<RefundFacts['buyer']>;
  readonly facts?: Partial<RefundFacts>;
  readonly deadline: string;
  readonly before: string;
  readonly after: string;
}

/** Monday, 2 November 2026, 09:00 UTC: contract, supply and, for goods, receipt. */
const received = { receivedAt: '2026-11-02T09:00:05.000Z' };
const month = { period: { start: '2026-11-02T09:00:00.000Z', end: '2026-12-02T09:00:00.000Z' } };
const year = { period: { start: '2026-11-02T09:00:00.000Z', end: '2027-11-02T09:00:00.000Z' } };
const unused = { use: 'none' } as const;
const notBegun = { suppliedAt: null };
const noPolicy = { policyShown: false };

const byLaw = (market: string, kind: RefundFacts['kind']) => ({
  before: `${market}.withdrawal.${kind}`,
  after: `${market}.withdrawal.${kind}.expired`,
});
const byPolicy = (market: string, kind: RefundFacts['kind']) => ({
  before: `own.${kind}`,
  after: `${market}.no_right`,
});

const cases: readonly Case[] = [
  // Fourteen days after Monday the 2nd is Monday the 16th, to its last hour in the customer's zone.
  ...(
    [
      ['DE', null, '2026-11-16T23:00:00.000Z'],
      ['IE', null, '2026-11-17T00:00:00.000Z'],
      ['FI', null, '2026-11-16T22:00:00.000Z'],
      ['RE', null, '2026-11-16T20:00:00.000Z'],
      ['NO', null, '2026-11-16T23:00:00.000Z'],
      // Spain and Portugal have two zones: the later one, unless the customer's is known.
      ['ES', null, '2026-11-17T00:00:00.000Z'],
      ['ES', 'Europe/Madrid', '2026-11-16T23:00:00.000Z'],
      ['PT', null, '2026-11-17T01:00:00.000Z'],
    ] as const
  ).flatMap(([country, timeZone, deadline]) =>
    (
      [
        ['digital_content', {}],
        ['digital_service', month],
        ['service', notBegun],
        ['goods', received],
      ] as const
    ).map(([kind, facts]) => ({
      market: 'EU',
      ...{ kind, facts, deadline },
      buyer: { country, timeZone },
      // Our own policy for work that has not begun is as good and ends by the same calendar.
      ...byLaw('eu', kind),
    })),
  ),
  ...(
    [
      ['digital_content', {}],
      ['digital_service', month],
      ['service', notBegun],
      ['goods', received],
    ] as const
  ).map(([kind, facts]) => ({
    market: 'UK',
    ...{ kind, facts },
    buyer: { country: 'GB' },
    deadline: '2026-11-17T00:00:00.000Z',
    ...byLaw('uk', kind),
  })),
  // Seven days, from the later of the confirmation and the supply.
  ...(
    [
      ['digital_content', {}],
      ['goods', {}],
    ] as const
  ).map(([kind, facts]) => ({
    market: 'KR',
    ...{ kind, facts: { ...facts, ...(kind === 'goods' ? received : {}) } },
    buyer: { country: 'KR' },
    deadline: '2026-11-09T15:00:00.000Z',
    before: `kr.withdrawal.${kind}`,
    after: kind === 'goods' ? 'own.goods' : `kr.withdrawal.${kind}.expired`,
  })),
  {
    market: 'KR, supplied two days later',
    kind: 'digital_content',
    buyer: { country: 'KR' },
    facts: { suppliedAt: '2026-11-04T14:59:00.000Z' },
    deadline: '2026-11-11T15:00:00.000Z',
    ...byLaw('kr', 'digital_content'),
  },
  {
    market: 'KR, the last day a Saturday',
    kind: 'digital_content',
    buyer: { country: 'KR' },
    facts: { suppliedAt: '2026-11-07T03:00:00.000Z' },
    deadline: '2026-11-16T15:00:00.000Z',
    ...byLaw('kr', 'digital_content'),
  },
  {
    market: 'KR, a service: what is left goes back by law, then by our policy',
    kind: 'digital_service',
    buyer: { country: 'KR' },
    facts: month,
    deadline: '2026-11-09T15:00:00.000Z',
    before: 'kr.withdrawal.digital_service',
    after: 'own.digital_service',
  },
  // Eight days with the day of receipt as the first, where no conditions were shown; then our own fortnight.
  {
    market: 'JP, no conditions shown',
    kind: 'goods',
    buyer: { country: 'JP' },
    facts: { ...received, ...noPolicy },
    deadline: '2026-11-09T15:00:00.000Z',
    before: 'jp.withdrawal.goods',
    after: 'own.goods',
  },
  {
    market: 'JP, our conditions shown',
    kind: 'goods',
    buyer: { country: 'JP' },
    facts: received,
    deadline: '2026-11-16T15:00:00.000Z',
    ...byPolicy('jp', 'goods'),
  },
  {
    market: 'JP',
    kind: 'digital_content',
    buyer: { country: 'JP' },
    facts: unused,
    deadline: '2026-11-16T15:00:00.000Z',
    ...byPolicy('jp', 'digital_content'),
  },
  ...(
    [
      ['US, New York', { country: 'US', region: 'NY' }, '2026-11-17T05:00:00.000Z'],
      ['US, California', { country: 'US', region: 'CA' }, '2026-11-17T08:00:00.000Z'],
      // 23:00 on the 1st in Honolulu, so the fortnight ends there before it does in Alaska.
      ['US, state unknown', { country: 'US' }, '2026-11-17T09:00:00.000Z'],
    ] as const
  ).map(([market, buyer, deadline]) => ({
    ...{ market, buyer, deadline },
    kind: 'digital_service' as const,
    facts: year,
    ...byPolicy('us', 'digital_service'),
  })),
  // Where no policy was displayed, some states set a period for goods.
  ...(
    [
      ['CA', '2026-12-03T08:00:00.000Z'],
      ['NY', '2026-12-03T05:00:00.000Z'],
      ['NJ', '2026-11-23T05:00:00.000Z'],
    ] as const
  ).map(([region, deadline]) => ({
    market: `US, ${region}, no policy shown`,
    kind: 'goods' as const,
    buyer: { country: 'US', region },
    facts: { ...received, ...noPolicy },
    deadline,
    ...byLaw(`us_${region.toLowerCase()}`, 'goods'),
  })),
  {
    market: 'US, FL, no policy shown: our own fortnight follows',
    kind: 'goods',
    buyer: { country: 'US', region: 'FL' },
    facts: { ...received, ...noPolicy },
    deadline: '2026-11-10T05:00:00.000Z',
    before: 'us_fl.withdrawal.goods',
    after: 'own.goods',
  },
  {
    market: 'AU',
    kind: 'digital_content',
    buyer: { country: 'AU', timeZone: 'Australia/Sydney' },
    facts: unused,
    deadline: '2026-11-16T13:00:00.000Z',
    ...byPolicy('au', 'digital_content'),
  },
  {
    market: 'NZ',
    kind: 'goods',
    buyer: { country: 'NZ' },
    facts: received,
    deadline: '2026-11-16T11:00:00.000Z',
    ...byPolicy('nz', 'goods'),
  },
  {
    market: 'IN',
    kind: 'digital_service',
    buyer: { country: 'IN' },
    facts: year,
    deadline: '2026-11-16T18:30:00.000Z',
    ...byPolicy('in', 'digital_service'),
  },
  // Seven days, for everything.
  {
    market: 'BR, zone unknown',
    kind: 'digital_content',
    buyer: { country: 'BR' },
    deadline: '2026-11-10T05:00:00.000Z',
    ...byLaw('br', 'digital_content'),
  },
  {
    market: 'BR, São Paulo: full by law, then what is left by our policy',
    kind: 'digital_service',
    buyer: { country: 'BR', timeZone: 'America/Sao_Paulo' },
    facts: month,
    deadline: '2026-11-10T03:00:00.000Z',
    before: 'br.withdrawal.digital_service',
    after: 'own.digital_service',
  },
  {
    market: 'TR',
    kind: 'goods',
    buyer: { country: 'TR' },
    facts: received,
    deadline: '2026-11-16T21:00:00.000Z',
    ...byLaw('tr', 'goods'),
  },
  {
    market: 'TR, not yet supplied',
    kind: 'digital_content',
    buyer: { country: 'TR' },
    facts: notBegun,
    deadline: '2026-11-16T21:00:00.000Z',
    ...byLaw('tr', 'digital_content'),
  },
  {
    market: 'CN: seven days by law, then our own fortnight',
    kind: 'goods',
    buyer: { country: 'CN' },
    facts: received,
    deadline: '2026-11-09T16:00:00.000Z',
    before: 'cn.withdrawal.goods',
    after: 'own.goods',
  },
  {
    market: 'elsewhere (Switzerland)',
    kind: 'digital_service',
    buyer: { country: 'CH' },
    facts: year,
    deadline: '2026-11-16T23:00:00.000Z',
    ...byPolicy('elsewhere', 'digital_service'),
  },
];

describe('a change of mind', () => {
  it.each(cases.map((one) => [`${one.market}, ${one.kind}, ${one.buyer.country ?? ''}`, one] as const))(
    '%s: is in time one minute before the period ends, and not one minute after it',
    (_name, { kind, buyer, facts, deadline, before, after }) => {
      const [early, late] = around(deadline);
      const inTime = decideRefund(factsOf({ kind, ...facts, requestedAt: early }, buyer));
      const tooLate = decideRefund(factsOf({ kind, ...facts, requestedAt: late }, buyer));
      expect(inTime).toMatchObject({ kind: 'granted', rule: before, deadline });
      expect(tooLate.rule).toBe(after);
      expect(tooLate.kind).toBe(after.startsWith('own.') ? 'granted' : 'refused');
    },
  );

  it.each([
    ['a Saturday', 'DE', '2026-11-07T09:00:00.000Z', '2026-11-23T23:00:00.000Z'],
    ['Christmas, a Friday', 'DE', '2026-12-11T09:00:00.000Z', '2026-12-28T23:00:00.000Z'],
    ['Easter Monday, in summer time', 'DE', '2027-03-15T09:00:00.000Z', '2027-03-30T22:00:00.000Z'],
    ['a Saturday in the UK, which counts', 'GB', '2026-11-07T09:00:00.000Z', '2026-11-22T00:00:00.000Z'],
  ])('runs to the end of the next working day when its last is %s', (_name, country, contractAt, deadline) => {
    const facts = { contractAt, suppliedAt: contractAt, confirmationSentAt: contractAt };
    const [early, late] = around(deadline);
    expect(decideRefund(factsOf({ ...facts, requestedAt: early }, { country }))).toMatchObject({
      kind: 'granted',
      deadline,
    });
    expect(decideRefund(factsOf({ ...facts, requestedAt: late }, { country })).kind).toBe('refused');
  });

  it('counts the days of the customer, who bought late on the evening before in UTC', () => {
    // 00:30 on the 3rd in Berlin: the fortnight ends with the 17th.
    const contractAt = '2026-11-02T23:30:00.000Z';
    expect(decideRefund(factsOf({ contractAt })).deadline).toBe('2026-11-17T23:00:00.000Z');
  });

  it.each([
    ['DE', '2027-11-16T23:00:00.000Z'],
    ['GB', '2027-11-17T00:00:00.000Z'],
    ['TR', '2027-11-16T21:00:00.000Z'],
  ])('has twelve months more in %s when the customer was not told of the right', (country, deadline) => {
    const facts = { kind: 'goods', ...received, informed: false } as const;
    const [early, late] = around(deadline);
    expect(decideRefund(factsOf({ ...facts, requestedAt: early }, { country })).kind).toBe('granted');
    expect(decideRefund(factsOf({ ...facts, requestedAt: late }, { country })).kind).toBe('refused');
  });

  it('has no end while the goods have not arrived', () => {
    const decision = decideRefund(
      factsOf({ kind: 'goods', suppliedAt: null, requestedAt: '2027-06-01T00:00:00.000Z' }),
    );
    expect(decision).toMatchObject({ kind: 'granted', deadline: null, refundable: { kind: 'full' } });
    expect(decision.explanation.en).toContain('has not begun');
  });
});

describe('a claim for a fault', () => {
  it.each([
    ['DE', '2028-11-02T23:00:00.000Z', 'eu.fault'],
    ['GB', '2032-11-03T00:00:00.000Z', 'uk.fault'],
    ['US', '2028-11-03T07:00:00.000Z', 'own.fault'],
  ])('goes to a person in %s until its period ends, and is refused after it', (country, deadline, rule) => {
    const buyer = { country, ...(country === 'US' ? { region: 'CA' } : {}) };
    const [early, late] = around(deadline);
    const claim = (requestedAt: string) => decideRefund(factsOf({ ground: 'faulty', requestedAt }, buyer));
    expect(claim(early)).toMatchObject({ kind: 'needs_person', rule, deadline });
    expect(claim(late)).toMatchObject({ kind: 'refused', rule: `${rule}.expired`, appealable: true });
  });

  it.each(['AU', 'NZ'])('has no fixed end in %s', (country) => {
    const facts = factsOf({ ground: 'faulty', requestedAt: '2036-01-01T00:00:00.000Z' }, { country });
    expect(decideRefund(facts)).toMatchObject({ kind: 'needs_person', deadline: null });
  });
});

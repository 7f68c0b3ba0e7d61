import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ScreeningDecision } from '../../../domain/order/order.ts';
import { disposableMail } from '../../../domain/risk/disposable-mail.ts';
import { riskPolicies, riskPolicyAt, riskRuleNames } from '../../../domain/risk/risk-policy.ts';
import { screen } from '../../../domain/risk/risk-rules.ts';
import type { RiskFacts } from '../../../domain/risk/risk-rules.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const policy = riskPolicyAt('2026-11-21T10:00:00Z');

/** An ordinary German order of 40 EUR. */
const ordinary: RiskFacts = {
  amount: 40_00,
  country: 'DE',
  ipCountry: 'DE',
  cardCountry: 'DE',
  emailDomain: 'example.com',
  ordersLastHourByEmail: 1,
  ordersLastDayByEmail: 1,
  providerSignals: [],
};

const severity: Readonly<Record<ScreeningDecision, number>> = { accept: 0, review: 1, reject: 2 };

const country = fc.constantFrom('DE', 'FR', 'US');
const facts: fc.Arbitrary<RiskFacts> = fc.record({
  amount: fc.option(fc.integer({ min: 0, max: 20_000_00 })),
  country,
  ipCountry: fc.option(country),
  cardCountry: fc.option(country),
  emailDomain: fc.constantFrom('example.com', 'gmail.com', 'mailinator.com'),
  ordersLastHourByEmail: fc.integer({ min: 1, max: 60 }),
  ordersLastDayByEmail: fc.integer({ min: 1, max: 120 }),
  providerSignals: fc.array(fc.constantFrom('elevated_risk', 'velocity'), { maxLength: 2 }),
});

/** Each makes one fact worse and leaves the others. */
const worsenings: readonly ((facts: RiskFacts) => RiskFacts)[] = [
  (f) => ({ ...f, providerSignals: [...f.providerSignals, 'stolen_card_reported'] }),
  (f) => ({ ...f, emailDomain: 'yopmail.com' }),
  (f) => ({ ...f, ipCountry: 'BR' }),
  (f) => ({ ...f, cardCountry: 'BR' }),
  (f) => ({ ...f, ordersLastHourByEmail: f.ordersLastHourByEmail + 30 }),
  (f) => ({ ...f, ordersLastDayByEmail: f.ordersLastDayByEmail + 60 }),
  (f) => ({ ...f, amount: f.amount === null ? null : f.amount * 10 }),
];

describe('screening', () => {
  it('accepts an ordinary order without a word', () => {
    expect(screen(ordinary, policy)).toEqual({ decision: 'accept', reasons: [] });
  });

  it('accepts when the countries of card and connection were not seen', () => {
    expect(screen({ ...ordinary, ipCountry: null, cardCountry: null }, policy).decision).toBe('accept');
  });

  const decisions: readonly [string, Partial<RiskFacts>, ScreeningDecision, readonly string[]][] = [
    ['a company that buys for 9,999 EUR', { amount: 9_999_00 }, 'accept', ['amount.high']],
    ['an order of 10,000 EUR', { amount: 10_000_00 }, 'review', ['amount.high', 'amount.very_high']],
    ['a traveller', { ipCountry: 'FR' }, 'accept', ['country.mismatch']],
    [
      'card and connection from elsewhere',
      { ipCountry: 'FR', cardCountry: 'US' },
      'review',
      ['country.mismatch', 'country.two_mismatches'],
    ],
    ['a throw-away address', { emailDomain: 'mailinator.com' }, 'review', ['mail.disposable']],
    ['any signal of the acquirer', { providerSignals: ['whatever'] }, 'review', ['provider.signals']],
    ['the twentieth order within the hour', { ordersLastHourByEmail: 20, ordersLastDayByEmail: 20 }, 'accept', []],
    [
      'a burst of sixty orders',
      { ordersLastHourByEmail: 60, ordersLastDayByEmail: 60 },
      'review',
      ['velocity.email_hour', 'velocity.email_day'],
    ],
    ['a currency without a rough rate', { amount: null }, 'accept', ['amount.unknown_currency']],
    [
      'two strong signals',
      { emailDomain: 'mailinator.com', providerSignals: ['x'] },
      'review',
      ['provider.signals', 'mail.disposable'],
    ],
    [
      'throw-away address, wrong country and high amount',
      { emailDomain: 'mailinator.com', cardCountry: 'US', amount: 600_00 },
      'reject',
      ['mail.disposable', 'country.mismatch', 'amount.high'],
    ],
  ];
  it.each(decisions)('decides for %s', (_, change, decision, reasons) => {
    expect(screen({ ...ordinary, ...change }, policy)).toEqual({ decision, reasons });
  });

  it('never becomes milder when a fact becomes worse', () => {
    fc.assert(
      fc.property(facts, fc.constantFrom(...worsenings), (given, worsen) => {
        const before = screen(given, policy);
        const after = screen(worsen(given), policy);
        expect(severity[after.decision]).toBeGreaterThanOrEqual(severity[before.decision]);
        expect(after.reasons).toEqual(expect.arrayContaining([...before.reasons]));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('says the same of the same facts, and gives a reason for whatever it does not accept', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const screening = screen(given, policy);
        expect(screen({ ...given }, policy)).toEqual(screening);
        expect(screening.decision === 'accept' || screening.reasons.length > 0).toBe(true);
        expect(new Set(screening.reasons).size).toBe(screening.reasons.length);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('risk policies', () => {
  it('follow each other without gap or overlap, the last one open', () => {
    riskPolicies.forEach(({ validTo }, index) => {
      expect(validTo).toBe(riskPolicies[index + 1]?.validFrom ?? null);
    });
  });

  it('weigh every rule with a positive weight', () => {
    for (const { weights, reviewFrom, rejectFrom } of riskPolicies) {
      for (const name of riskRuleNames) expect(weights[name]).toBeGreaterThan(0);
      expect(reviewFrom).toBeLessThan(rejectFrom);
    }
  });

  it('fall back to the first for a moment before it', () => {
    expect(riskPolicyAt('2020-01-01T00:00:00Z')).toBe(riskPolicies[0]);
  });
});

describe('disposable mail', () => {
  it('lists hosts once, in lower case and in order', () => {
    expect(disposableMail.domains).toEqual(
      [...new Set(disposableMail.domains)].map((host) => host.toLowerCase()).sort(),
    );
  });

  it('counts the hosts below a listed one and not those that only end alike', () => {
    const decisionFor = (emailDomain: string) => screen({ ...ordinary, emailDomain }, policy).decision;
    expect(decisionFor('eu.mailinator.com')).toBe('review');
    expect(decisionFor('MAILINATOR.com')).toBe('review');
    expect(decisionFor('notmailinator.com')).toBe('accept');
    expect(decisionFor('mailinator.com.example.org')).toBe('accept');
    expect(decisionFor('')).toBe('accept');
  });
});

import type { Screening, ScreeningDecision } from '../order/order.ts';
import { isDisposableMail } from './disposable-mail.ts';
import type { RiskPolicy, RiskRuleName } from './risk-policy.ts';

/** What the rules look at: numbers and codes, no names and no addresses. */
export interface RiskFacts {
  /** Gross of the order in euro cents, roughly converted (`roughEuroCents`); null when we have no rough rate. */
  readonly amount: number | null;
  /** ISO 3166-1 alpha-2; null where nothing was seen. */
  readonly country: string;
  readonly ipCountry: string | null;
  readonly cardCountry: string | null;
  readonly emailDomain: string;
  /** Of this inbox, the present order included. */
  readonly ordersLastHourByEmail: number;
  readonly ordersLastDayByEmail: number;
  /** What the acquirer said of the payment, in its own words. */
  readonly providerSignals: readonly string[];
}

interface Signal {
  readonly rule: RiskRuleName;
  readonly weight: number;
}

type Rule = (facts: RiskFacts, policy: RiskPolicy) => Signal | null;

function rule(name: RiskRuleName, applies: (facts: RiskFacts, policy: RiskPolicy) => boolean): Rule {
  return (facts, policy) => (applies(facts, policy) ? { rule: name, weight: policy.weights[name] } : null);
}

/** In the order in which a reviewer reads them. A worse fact makes a rule apply, never cease to apply. */
const rules: readonly Rule[] = [
  rule('provider.signals', ({ providerSignals }) => providerSignals.length > 0),
  rule('mail.disposable', ({ emailDomain }) => isDisposableMail(emailDomain)),
  rule('country.mismatch', (facts) => mismatches(facts) >= 1),
  rule('country.two_mismatches', (facts) => mismatches(facts) >= 2),
  rule('velocity.email_hour', (facts, policy) => facts.ordersLastHourByEmail > policy.ordersPerHour),
  rule('velocity.email_day', (facts, policy) => facts.ordersLastDayByEmail > policy.ordersPerDay),
  rule('amount.high', ({ amount }, policy) => amount !== null && amount >= policy.highAmount),
  rule('amount.very_high', ({ amount }, policy) => amount !== null && amount >= policy.veryHighAmount),
  rule('amount.unknown_currency', ({ amount }) => amount === null),
];

/** Adds up what the rules say. Deterministic: the same facts under the same policy, the same decision and reasons. */
export function screen(facts: RiskFacts, policy: RiskPolicy): Screening {
  const signals = rules.map((applies) => applies(facts, policy)).filter((signal) => signal !== null);
  const score = signals.reduce((sum, { weight }) => sum + weight, 0);
  return { decision: decisionOf(score, policy), reasons: signals.map(({ rule }) => rule) };
}

function decisionOf(score: number, { reviewFrom, rejectFrom }: RiskPolicy): ScreeningDecision {
  if (score >= rejectFrom) return 'reject';
  return score >= reviewFrom ? 'review' : 'accept';
}

/** How many of the seen countries contradict the one the buyer gave. */
function mismatches({ country, ipCountry, cardCountry }: RiskFacts): number {
  return [ipCountry, cardCountry].filter((seen) => seen !== null && seen !== country).length;
}

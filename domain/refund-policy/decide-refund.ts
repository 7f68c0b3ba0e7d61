import { rowOn } from '../tax/dated-row.ts';
import { faultRules } from './data/fault-rules.ts';
import type { FaultRule } from './data/fault-rules.ts';
import { marketOf } from './data/markets.ts';
import { ourRefundPolicy } from './data/policy-sources.ts';
import { customerDate, monthsAfter } from './deadline.ts';
import { byLaw } from './law-finding.ts';
import { byOwnPolicy } from './own-policy-finding.ts';
import { decisionOf, refusal } from './policy-finding.ts';
import type { PolicyFinding } from './policy-finding.ts';
import type { RefundDecision } from './refund-decision.ts';
import type { RefundFacts } from './refund-facts.ts';
import { words } from './refund-wording.ts';

/**
 * What the rules say to a customer who wants the money of one line back: the law of the market on the day of the
 * contract, or the seller's own policy where that is better for the customer. A business has the policy only.
 * @throws time.date_invalid
 */
export function decideRefund(facts: RefundFacts): RefundDecision {
  switch (facts.ground) {
    case 'change_of_mind':
      return decisionOf(changeOfMind(facts));
    case 'not_delivered':
      return decisionOf(notDelivered(facts));
    case 'faulty':
      return decisionOf(facts.suppliedAt === null ? notDelivered(facts) : faulty(facts, facts.suppliedAt));
  }
}

function changeOfMind(facts: RefundFacts): PolicyFinding {
  const law = byLaw(facts);
  const own = byOwnPolicy(facts);
  if (own === null) return law;
  if (rank(own) > rank(law)) return own;
  // Who is refused by both should read both.
  return law.kind === 'refused' ? { ...law, sentences: [...law.sentences, ...own.sentences] } : law;
}

/** The more, the better for the customer. */
function rank({ kind, refundable }: PolicyFinding): number {
  if (kind !== 'granted') return kind === 'needs_person' ? 1 : 0;
  return { none: 0, pro_rata: 2, full_on_return: 3, full: 4 }[refundable.kind];
}

function notDelivered({ suppliedAt }: RefundFacts): PolicyFinding {
  const found = { source: ourRefundPolicy, deadline: null } as const;
  if (suppliedAt === null)
    return {
      ...found,
      kind: 'granted',
      rule: 'own.not_delivered',
      refundable: { kind: 'full' },
      sentences: [words.notDelivered()],
    };
  return {
    ...found,
    kind: 'needs_person',
    rule: 'own.delivered',
    refundable: { kind: 'none' },
    sentences: [words.delivered(suppliedAt)],
  };
}

function faulty(facts: RefundFacts, suppliedAt: string): PolicyFinding {
  const { buyer, requestedAt } = facts;
  const { market, law, months } = faultRule(facts);
  const rule = `${market ?? 'own'}.fault`;
  const deadline = months === null ? null : monthsAfter(suppliedAt, months, buyer);
  if (deadline !== null && Date.parse(requestedAt) >= Date.parse(deadline.end))
    return refusal({
      rule: `${rule}.expired`,
      source: law,
      deadline,
      sentence: words.faultTooLate(law, deadline),
    });
  return {
    kind: 'needs_person',
    ...{ rule, deadline },
    source: law,
    refundable: { kind: 'none' },
    sentences: [words.faultToCheck(law)],
  };
}

function faultRule({ buyer, contractAt }: RefundFacts): Pick<FaultRule, 'market' | 'law' | 'months'> {
  const date = customerDate(contractAt, buyer);
  const market = buyer.type === 'consumer' ? marketOf(buyer.country) : null;
  const ofMarket = faultRules.filter((row) => row.market !== null && row.market === market);
  const own = faultRules.filter((row) => row.market === null);
  return rowOn(ofMarket, date) ?? rowOn(own, date) ?? { market: null, law: ourRefundPolicy, months: null };
}

import { fail } from '../failures.ts';
import { rowOn } from '../tax/dated-row.ts';
import { marketOf } from './data/markets.ts';
import { noRightRows } from './data/no-right.ts';
import { ourRefundPolicy } from './data/policy-sources.ts';
import { withdrawalRules } from './data/withdrawal-rules.ts';
import type { WithdrawalRule } from './data/withdrawal-rules.ts';
import { customerDate, deadlineOf } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import { refusal } from './policy-finding.ts';
import type { PolicyFinding } from './policy-finding.ts';
import type { RefundFacts } from './refund-facts.ts';
import { isLost, refundableOf } from './refundable.ts';
import { words } from './refund-wording.ts';

/** What the law of the customer's market says to a change of mind. @throws time.date_invalid */
export function byLaw(facts: RefundFacts): PolicyFinding {
  if (facts.buyer.type === 'business')
    return refusal({ rule: 'business.no_right', source: ourRefundPolicy, deadline: null, sentence: words.business() });
  const rule = ruleFor(facts);
  return rule === null ? noRight(facts) : byRule(rule, facts);
}

/** The row of the customer's state before that of the whole market. */
function ruleFor(facts: RefundFacts): WithdrawalRule | null {
  const { buyer, kind, contractAt, policyShown } = facts;
  const market = marketOf(buyer.country);
  const candidates = withdrawalRules.filter(
    (rule) => rule.market === market && rule.kind === kind && !(rule.withoutPolicyOnly && policyShown),
  );
  const date = customerDate(contractAt, buyer);
  const rowIn = (region: string | null) =>
    rowOn(
      candidates.filter((rule) => rule.region === region),
      date,
    );
  return (buyer.region === null ? null : rowIn(buyer.region)) ?? rowIn(null);
}

function byRule(rule: WithdrawalRule, facts: RefundFacts): PolicyFinding {
  const { id, law } = rule;
  const deadline = deadlineOf(rule.period, facts, facts.informed ? 0 : rule.monthsIfNotInformed);
  const refused = (suffix: string, sentence: PolicyFinding['sentences'][number]): PolicyFinding =>
    refusal({ rule: `${id}.${suffix}`, source: law, deadline, sentence });
  if (deadline !== null && Date.parse(facts.requestedAt) >= Date.parse(deadline.end))
    return refused('expired', words.ended(law, deadline));
  if (isLost(rule.lost, facts)) return refused(rule.lost, lossWords(rule, facts));
  const refundable = refundableOf(rule.back, facts);
  if (refundable !== 'unclear' && refundable.kind === 'pro_rata' && refundable.unused === 0)
    return refused('used_up', words.usedUp(law));
  return inTime(rule, { deadline, refundable });
}

function inTime(
  { id, law, payBack }: WithdrawalRule,
  {
    deadline,
    refundable,
  }: { readonly deadline: Deadline | null; readonly refundable: ReturnType<typeof refundableOf> },
): PolicyFinding {
  const opening = [words.mayWithdraw(law), words.openUntil(deadline)];
  const found = { source: law, deadline } as const;
  if (refundable === 'unclear') {
    const sentences = [...opening, words.shareOfWork()];
    return { ...found, kind: 'needs_person', rule: `${id}.share_of_work`, refundable: { kind: 'none' }, sentences };
  }
  const sentences = [...opening, words.goesBack(refundable), ...(payBack === null ? [] : [words.payBack(payBack)])];
  return { ...found, kind: 'granted', rule: id, refundable, sentences };
}

function lossWords({ lost, law }: WithdrawalRule, facts: RefundFacts): PolicyFinding['sentences'][number] {
  switch (lost) {
    case 'waived':
      return words.waived(law, facts.confirmationSentAt ?? facts.contractAt);
    case 'performed':
      return words.performed(law);
    case 'supply_began':
    case 'never':
      return words.supplyBegan(law);
  }
}

function noRight({ buyer, contractAt }: RefundFacts): PolicyFinding {
  const date = customerDate(contractAt, buyer);
  const market = marketOf(buyer.country);
  const own = noRightRows.filter((row) => row.market === market);
  const elsewhere = noRightRows.filter((row) => row.market === 'elsewhere');
  const row =
    rowOn(own, date) ?? rowOn(elsewhere, date) ?? fail('internal.unexpected', `No row for ${market} on ${date}`);
  return refusal({
    rule: `${market}.no_right`,
    source: row.law,
    deadline: null,
    sentence: words.noRight(row.words, row.law),
  });
}

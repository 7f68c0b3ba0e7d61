import { defaultSellerId } from '../catalog/catalog.ts';
import { rowOn } from '../tax/dated-row.ts';
import { ourRefundPolicy } from './data/policy-sources.ts';
import { sellerPolicies } from './data/seller-policies.ts';
import type { SellerPolicy } from './data/seller-policies.ts';
import { customerDate, deadlineOf } from './deadline.ts';
import { refusal } from './policy-finding.ts';
import type { PolicyFinding } from './policy-finding.ts';
import type { RefundFacts } from './refund-facts.ts';
import { refundableOf } from './refundable.ts';
import { words } from './refund-wording.ts';

/** What the seller gives of its own accord; null when it says nothing about such a product. @throws time.date_invalid */
export function byOwnPolicy(facts: RefundFacts): PolicyFinding | null {
  const policy = policyFor(facts);
  if (policy === null) return null;
  const { id } = policy;
  const source = ourRefundPolicy;
  const deadline = deadlineOf(policy.period, facts);
  if (deadline !== null && Date.parse(facts.requestedAt) >= Date.parse(deadline.end))
    return refusal({ rule: `${id}.expired`, source, deadline, sentence: words.ownEnded(deadline) });
  if (policy.when === 'unused' && !isUnused(facts))
    return refusal({ rule: `${id}.used`, source, deadline, sentence: words.ownUsed() });
  const refundable = refundableOf(policy.back, facts);
  if (refundable === 'unclear' || (refundable.kind === 'pro_rata' && refundable.unused === 0))
    return refusal({ rule: `${id}.used`, source, deadline, sentence: words.ownUsed() });
  const sentences = [words.ownPolicy(), words.openUntil(deadline), words.goesBack(refundable)];
  return { kind: 'granted', rule: id, ...{ source, deadline, refundable, sentences } };
}

function policyFor({ sellerId, kind, buyer, contractAt }: RefundFacts): SellerPolicy | null {
  const date = customerDate(contractAt, buyer);
  const of = (seller: string) => sellerPolicies.filter((row) => row.sellerId === seller && row.kind === kind);
  return rowOn(of(sellerId), date) ?? rowOn(of(defaultSellerId), date);
}

/** "Unknown" is not "unused": keys and files that were handed over may have been used. */
function isUnused({ kind, suppliedAt, requestedAt, use }: RefundFacts): boolean {
  const notBegun = suppliedAt === null || Date.parse(requestedAt) < Date.parse(suppliedAt);
  return notBegun || (kind !== 'service' && use === 'none');
}

import { fail } from '../failures.ts';
import { minorUnitDigits } from '../money/money.ts';
import type { Money } from '../money/money.ts';
import { rowOn } from '../tax/dated-row.ts';
import { approvalPolicy, unitsPerEuro } from './data/approval-policy.ts';
import type { ApprovalPolicyRow } from './data/approval-policy.ts';
import type { Refund, RefundJudgement } from './refund.ts';

/** The policy of the moment (ISO 8601 UTC). @throws refund.state_conflict before there was one */
export function approvalPolicyAt(at: string): ApprovalPolicyRow {
  return rowOn(approvalPolicy, at.slice(0, 10)) ?? fail('refund.state_conflict', `no approval policy at ${at}`);
}

/**
 * How many people have to agree: 0, 1 or 2 different ones. What we owe by ourselves (nothing was delivered, the tax was
 * not due, unused time) and what a person has confirmed as one of many needs nobody.
 */
export function approvalsNeeded(
  refund: Pick<Refund, 'cause' | 'requestedBy' | 'currency' | 'amount'>,
  judgement: Pick<RefundJudgement, 'kind'> | null,
  at: string,
): number {
  const { cause, requestedBy, currency, amount } = refund;
  const byPerson = judgement?.kind === 'needs_person' ? 1 : 0;
  if (requestedBy === 'system' || cause === 'bulk') return byPerson;
  const { onePersonAbove, twoPeopleAbove } = approvalPolicyAt(at)[requestedBy];
  if (isAbove(twoPeopleAbove, { amount, currency })) return 2;
  return isAbove(onePersonAbove, { amount, currency }) ? 1 : byPerson;
}

/** @param threshold minor units of EUR */
function isAbove(threshold: number, { amount, currency }: Money): boolean {
  return amount / 10 ** minorUnitDigits(currency) > (threshold / 100) * (unitsPerEuro[currency] ?? 1);
}

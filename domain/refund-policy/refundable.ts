import type { GivenBack, Loss } from './data/withdrawal-rules.ts';
import type { Refundable } from './refund-decision.ts';
import type { RefundFacts } from './refund-facts.ts';

/** What goes back under a rule; `unclear` where a person has to say which part of a work is done. */
export function refundableOf(back: GivenBack, facts: RefundFacts): Refundable | 'unclear' {
  switch (back) {
    case 'full':
      return { kind: 'full' };
    case 'full_on_return':
      return facts.suppliedAt === null ? { kind: 'full' } : { kind: 'full_on_return' };
    case 'pro_rata':
      return unusedPart(facts);
    case 'pro_rata_if_asked':
      // Directive 2011/83/EU art. 14(4)(a): who did not ask for it, or was not told, pays nothing for it.
      return facts.consents.immediateDelivery && facts.informed ? unusedPart(facts) : { kind: 'full' };
  }
}

/** By time. What has not begun is unused; access that was sold for no limited time has no part that is used up. */
function unusedPart({ suppliedAt, requestedAt, period, kind }: RefundFacts): Refundable | 'unclear' {
  if (suppliedAt === null || Date.parse(requestedAt) <= Date.parse(suppliedAt)) return { kind: 'full' };
  if (period === null) return kind === 'service' ? 'unclear' : { kind: 'full' };
  const whole = seconds(period.start, period.end);
  // A second that has begun is not yet used: rounded for the customer.
  const unused = Math.min(whole, Math.max(0, seconds(requestedAt, period.end)));
  return unused === whole ? { kind: 'full' } : { kind: 'pro_rata', unused, whole };
}

function seconds(from: string, to: string): number {
  return Math.ceil((Date.parse(to) - Date.parse(from)) / 1000);
}

/** Whether the right had ended by something other than time when the customer made the statement. */
export function isLost(lost: Loss, facts: RefundFacts): boolean {
  const { requestedAt, suppliedAt, performedAt, confirmationSentAt, consents } = facts;
  const before = (instant: string | null): boolean =>
    instant !== null && Date.parse(instant) <= Date.parse(requestedAt);
  const agreed = consents.immediateDelivery && consents.withdrawalWaiver;
  switch (lost) {
    case 'never':
      return false;
    case 'waived':
      return agreed && before(suppliedAt) && before(confirmationSentAt);
    case 'performed':
      return agreed && before(performedAt);
    case 'supply_began':
      return before(suppliedAt);
  }
}

import { fail } from '../failures.ts';
import type { OrderLine } from '../order/order.ts';
import { rowOn } from '../tax/dated-row.ts';
import { recognitionRules } from './data/recognition-rules.ts';
import type { Billing, RecognitionMethod, RecognitionRule } from './data/recognition-rules.ts';

/**
 * When the net of a sold line is earned.
 * @param date of the sale, YYYY-MM-DD
 * @throws revenue.rule_missing
 */
export function recognitionMethod(
  line: Pick<OrderLine, 'taxClass' | 'recurring'>,
  date: string,
  rules: readonly RecognitionRule[] = recognitionRules,
): RecognitionMethod {
  const billing = billingOf(line);
  const candidates = rules.filter((rule) => rule.taxClass === line.taxClass && rule.billing === billing);
  const found = rowOn(candidates, date);
  return found?.method ?? fail('revenue.rule_missing', `No rule for ${billing} ${line.taxClass} on ${date}`);
}

/**
 * True for a line whose net is credited to deferred revenue when it is sold, and recognised day by day. What costs
 * nothing (a trial) defers nothing.
 * @param at moment of the sale, ISO 8601 UTC
 * @throws revenue.rule_missing
 */
export function isDeferred(
  line: Pick<OrderLine, 'taxClass' | 'recurring' | 'net' | 'sellerTerms'>,
  at: string,
): boolean {
  // An agent has done its part with the sale: the commission is earned at once (IFRS 15 B36).
  if (line.net <= 0 || line.sellerTerms?.role === 'agent') return false;
  return recognitionMethod(line, at.slice(0, 10)) === 'over_time';
}

function billingOf({ recurring }: Pick<OrderLine, 'recurring'>): Billing {
  if (recurring === null) return 'one_off';
  return recurring.usage === 'metered' ? 'metered' : 'recurring';
}

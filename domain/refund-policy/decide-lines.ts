import { fail } from '../failures.ts';
import type { Localized } from './data/policy-sources.ts';
import { decideRefund } from './decide-refund.ts';
import type { RefundDecision } from './refund-decision.ts';
import type { RefundFacts } from './refund-facts.ts';

export interface JudgedLine {
  readonly line: string;
  readonly decision: RefundDecision;
}

/** The decisions of a request for several lines, and what they come to together. */
export interface RefundVerdict {
  /**
   * `needs_person` when a person is needed for any line; `granted` when any line is granted (the others say why not);
   * `refused` when none is.
   */
  readonly kind: RefundDecision['kind'];
  /** Of the line that made it so. */
  readonly rule: string;
  readonly source: string;
  /** One text, or one paragraph for each product where they differ. */
  readonly explanation: Localized;
  readonly lines: readonly JudgedLine[];
}

/**
 * Decides every line of a request by itself.
 * @throws request.invalid when there is none; time.date_invalid
 */
export function decideLines(
  lines: readonly { readonly line: string; readonly product: string; readonly facts: RefundFacts }[],
): RefundVerdict {
  const judged = lines.map(({ line, product, facts }) => ({ line, product, decision: decideRefund(facts) }));
  const deciding =
    judged.find(({ decision }) => decision.kind === 'needs_person') ??
    judged.find(({ decision }) => decision.kind === 'granted') ??
    judged[0] ??
    fail('request.invalid', 'lines: a refund is decided for at least one line', [
      { path: 'lines', message: 'must name at least one line' },
    ]);
  const { kind, rule, source } = deciding.decision;
  return {
    ...{ kind, rule, source },
    explanation: { en: explain(judged, 'en'), de: explain(judged, 'de') },
    lines: judged.map(({ line, decision }) => ({ line, decision })),
  };
}

function explain(
  judged: readonly { readonly product: string; readonly decision: RefundDecision }[],
  locale: keyof Localized,
): string {
  const texts = [...new Set(judged.map(({ decision }) => decision.explanation[locale]))];
  if (texts.length === 1) return texts.join('');
  const productsOf = (text: string) =>
    judged.filter(({ decision }) => decision.explanation[locale] === text).map(({ product }) => product);
  return texts.map((text) => `${[...new Set(productsOf(text))].join(', ')}: ${text}`).join('\n');
}

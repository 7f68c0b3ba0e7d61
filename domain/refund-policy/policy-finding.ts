import type { Localized } from './data/policy-sources.ts';
import type { Deadline } from './deadline.ts';
import type { RefundDecision } from './refund-decision.ts';
import { joined, words } from './refund-wording.ts';

/** What one law or policy says, before it is compared with the others. */
export interface PolicyFinding extends Pick<RefundDecision, 'kind' | 'rule' | 'refundable'> {
  readonly source: Localized;
  readonly deadline: Deadline | null;
  readonly sentences: readonly Localized[];
}

export function refusal(found: {
  readonly rule: string;
  readonly source: Localized;
  readonly deadline: Deadline | null;
  readonly sentence: Localized;
}): PolicyFinding {
  const { rule, source, deadline, sentence } = found;
  return { kind: 'refused', ...{ rule, source, deadline }, refundable: { kind: 'none' }, sentences: [sentence] };
}

export function decisionOf(finding: PolicyFinding): RefundDecision {
  const { kind, rule, source, refundable, deadline, sentences } = finding;
  const refused = kind === 'refused';
  return {
    ...{ kind, rule, refundable },
    source: source.en,
    explanation: joined(refused ? [...sentences, words.appeal()] : sentences),
    deadline: deadline?.end ?? null,
    appealable: refused,
  };
}

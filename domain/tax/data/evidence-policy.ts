import type { DatedRow } from '../dated-row.ts';
import { provenance } from './provenance.ts';

/** Cross-border sales to EU consumers in a calendar year up to which one item of evidence is enough, minor units. */
export interface EvidenceThresholdRow extends DatedRow {
  readonly amount: number;
  readonly currency: string;
}

/** A legal entity that may use the threshold and says so: from and until when. */
export interface SimplifiedEvidenceRow extends DatedRow {
  readonly legalEntity: string;
}

export const evidenceThresholds: readonly EvidenceThresholdRow[] = [
  { amount: 10_000_000, currency: 'EUR', validFrom: '2020-01-01', validTo: null, ...provenance.evidence },
];

/**
 * Nobody by default: a merchant of record sells for many and is soon above the threshold, and one that is established
 * outside the union has no such relief.
 */
export const simplifiedEvidence: readonly SimplifiedEvidenceRow[] = [];

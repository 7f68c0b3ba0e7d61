import { describe, expect, it } from '@jest/globals';
import type { SimplifiedEvidenceRow } from '../../../domain/tax/data/evidence-policy.ts';
import { evidenceNotes, requiredEvidenceItems } from '../../../domain/tax/evidence-policy.ts';
import { place } from './place.ts';

const at = '2026-11-21T12:00:00Z';
const relieved: readonly SimplifiedEvidenceRow[] = [
  {
    legalEntity: 'small_ie',
    validFrom: '2025-01-01',
    validTo: '2027-01-01',
    source: 'a test',
    checkedOn: '2026-11-21',
    confidence: 'source',
  },
];

describe('the items of evidence that a sale to an EU consumer needs', () => {
  it('are two by default, whatever was sold', () => {
    expect(requiredEvidenceItems({ legalEntity: 'waybill_ie', at })).toBe(2);
    expect(requiredEvidenceItems({ legalEntity: 'waybill_ie', at, crossBorderSales: 1 })).toBe(2);
    expect(requiredEvidenceItems({ legalEntity: 'waybill_ie', at }, relieved)).toBe(2);
  });

  it.each([
    [undefined, 1],
    [null, 1],
    [10_000_000, 1],
    [10_000_001, 2],
  ])('is one for an entity that says so, until EUR 100,000 a year: sales of %s need %i', (crossBorderSales, items) => {
    const sales = crossBorderSales === undefined ? {} : { crossBorderSales };
    expect(requiredEvidenceItems({ legalEntity: 'small_ie', at, ...sales }, relieved)).toBe(items);
  });

  it.each([
    ['2024-12-31T12:00:00Z', 2],
    ['2025-01-01T12:00:00Z', 1],
    ['2027-01-01T12:00:00Z', 2],
  ])('follow the dates of that declaration: on %s %i', (when, items) => {
    expect(requiredEvidenceItems({ legalEntity: 'small_ie', at: when }, relieved)).toBe(items);
  });

  it('are not on file before the tables begin', () => {
    expect(() => requiredEvidenceItems({ legalEntity: 'waybill_ie', at: '2019-12-31T12:00:00Z' })).toThrow(
      expect.objectContaining({
        code: 'tax.data_missing',
        message: 'No evidence threshold is on file for 2019-12-31',
      }),
    );
  });
});

describe('a place that rests on one item', () => {
  const question = { legalEntity: 'waybill_ie', at };
  const decided = (country: string, basis: 'one_item' | 'two_items') =>
    ({ kind: 'determined', basis, place: place(country) }) as const;

  it('is noted on a sale to an EU consumer', () => {
    expect(evidenceNotes(decided('DE', 'one_item'), 'consumer', question)).toEqual([
      {
        code: 'evidence_incomplete',
        jurisdiction: 'DE',
        text: 'One item of evidence of the place is known; two are needed: add the country of the connection or card',
      },
    ]);
    expect(evidenceNotes(decided('MC', 'one_item'), 'consumer', question)).toHaveLength(1);
  });

  it.each([
    ['with two items', decided('DE', 'two_items'), 'consumer'],
    ['of a business', decided('DE', 'one_item'), 'business'],
    ['outside the union', decided('CH', 'one_item'), 'consumer'],
  ] as const)('is not noted %s', (_, decision, customerType) => {
    expect(evidenceNotes(decision, customerType, question)).toEqual([]);
  });
});

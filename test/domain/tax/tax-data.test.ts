import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { renderCoverage } from '../../../dev/tax/coverage.ts';
import { checkSeries, checkTaxData, staleTaxData, taxDataSeries } from '../../../domain/tax/check-tax-data.ts';
import type { DatedRow } from '../../../domain/tax/dated-row.ts';

const row = (values: Partial<DatedRow & { rate: string }> = {}): DatedRow & { rate: string } => ({
  validFrom: '2020-01-01',
  validTo: null,
  source: 'a source',
  checkedOn: '2026-11-21',
  confidence: 'source',
  rate: '0.2',
  ...values,
});
const textsOf = (...rows: readonly DatedRow[]) =>
  checkSeries({ table: 't', series: 's', rows }, '2026-11-21').map(({ text }) => text);

describe('the tax tables', () => {
  it('have no overlap, no hole, a source on every row and an answer for every state', () => {
    expect(checkTaxData('2026-11-21')).toEqual([]);
  });

  it('list rows apart that nobody has compared with their source for 90 days', () => {
    expect(staleTaxData('2027-02-19')).toEqual([]);
    const inForce = taxDataSeries().flatMap(({ rows }) => rows.filter(({ validTo }) => validTo === null));
    expect(staleTaxData('2027-02-20').length).toBe(inForce.length);
    expect(checkTaxData('2027-02-20')).toEqual([]);
  });

  it.each([
    ['an overlap', [row(), row({ validFrom: '2025-01-01' })], 'overlap at 2025-01-01'],
    [
      'a hole',
      [row({ validTo: '2024-01-01' }), row({ validFrom: '2025-01-01' })],
      'hole from 2024-01-01 to 2025-01-01',
    ],
    ['an end', [row({ validTo: '2025-01-01' })], 'ends on 2025-01-01 and nothing follows'],
    ['no source', [row({ source: ' ' })], 'no source for the row of 2020-01-01'],
    ['no date', [row({ validFrom: '2021-02-30' })], '"2021-02-30" is not a date'],
    ['a percentage for a rate', [row({ rate: '19' })], '"19" is not a rate between 0 and 1'],
    ['a rate that is no number', [row({ rate: '19%' })], '"19%" is not a rate between 0 and 1'],
    ['a check in the future', [row({ checkedOn: '2026-11-22' })], 'checked in the future: 2026-11-22'],
  ])('with %s are reported', (_, rows, text) => {
    expect(textsOf(...rows)).toEqual([text]);
  });

  it('are what docs/tax-coverage.md says: `npx tsx dev/tax/write-coverage.ts` writes it anew', async () => {
    const onDisk = await readFile(new URL('../../../docs/tax-coverage.md', import.meta.url), 'utf8');
    expect(onDisk).toBe(await renderCoverage());
  });
});

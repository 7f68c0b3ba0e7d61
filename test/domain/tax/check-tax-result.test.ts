import { describe, expect, it } from '@jest/globals';
import { taxResultProblems } from '../../../domain/tax/check-tax-result.ts';
import { computeTax } from '../../../domain/tax/compute-tax.ts';
import type { TaxedLine, TaxResult } from '../../../domain/tax/compute-tax.ts';
import { line, taxRequest } from './place.ts';

const request = taxRequest({
  lines: [line(), line({ line: '2', taxBehavior: 'inclusive', amount: 11_900 })],
});
const sound = computeTax(request);
const problemsOf = (result: Partial<TaxResult>) => taxResultProblems(request, { ...sound, ...result });
const withLine = (at: number, values: Partial<TaxedLine>): Partial<TaxResult> => ({
  lines: sound.lines.map((one, index) => (index === at ? { ...one, ...values } : one)),
});

describe('the answer of a tax engine', () => {
  it('is sound when it is ours', () => {
    expect(problemsOf({})).toEqual([]);
  });

  it.each([
    ['a line left out', { lines: sound.lines.slice(0, 1) }, 'lines 1,2 were asked, 1 answered'],
    ['another line', withLine(1, { line: '3' }), 'lines 1,2 were asked, 1,3 answered'],
    ['another net', withLine(0, { net: 9_999 }), 'line 1: the net is 9999 and not 10000'],
    ['a price above the label', withLine(1, { gross: 11_901 }), 'line 2: the gross is above 11900'],
    ['a line that does not add up', withLine(1, { tax: 1_899 }), 'line 2: 10000 + 1899 is not 11900'],
    ['taxes that do not add up', withLine(0, { taxes: [] }), 'line 1: the taxes do not add up to 1900'],
    ['a net that does not add up', { net: 1, gross: 3_801 }, 'the net of the lines do not add up to 1'],
    ['a tax that does not add up', { tax: 1, gross: 20_001 }, 'the tax of the lines do not add up to 1'],
    ['a total that does not add up', { gross: 1 }, 'the total: 20000 + 3800 is not 1'],
    ['total taxes that do not add up', { taxes: [] }, 'the total: the taxes do not add up to 3800'],
    ['a half cent', withLine(0, { gross: 0.5 }), 'amount is not a safe integer: 0.5'],
    [
      'a negative base',
      withLine(0, { taxes: sound.taxes.map((tax) => ({ ...tax, base: -1, amount: 1_900 })) }),
      'line 1: something is negative',
    ],
  ])('with %s is not', (_, result, problem) => {
    expect(problemsOf(result)).toContain(problem);
  });

  it('may leave out of an inclusive price what the customer accounts for', () => {
    const less = { net: 10_000, tax: 0, gross: 10_000, taxes: [] };
    const one = { ...request, lines: request.lines.slice(1) };
    const lines = [{ line: '2', ...less }];
    expect(taxResultProblems(one, { ...less, lines, reverseCharge: true, notes: [] })).toEqual([]);
  });
});

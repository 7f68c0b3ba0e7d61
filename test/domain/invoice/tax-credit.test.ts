import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { creditPartOfLine, creditTaxOfLines, creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import type { CreditedLine } from '../../../domain/invoice/credited-line.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { sampleLine, sampleQuote } from './sample-order.ts';

const line = (id: string, net: number, tax: number) =>
  sampleLine({ line: id, name: 'x', net, taxes: [['IT', 'VAT', '0.22', tax]] });

describe('crediting the tax of lines alone', () => {
  const quote = sampleQuote([line('1', 10_000, 2200), line('2', 100, 22), { ...line('3', 500, 0), taxes: [] }]);

  it('gives back all the tax and nothing of the net, with the base that is no longer taxed', () => {
    const [first, second, ...others] = creditTaxOfLines(quote, ['1', '2', '3'], []);
    expect(first).toMatchObject({ line: '1', quantity: 0, net: 0, tax: 2200, gross: 2200 });
    expect(first?.taxes).toMatchObject([{ jurisdiction: 'IT', base: 10_000, amount: 2200 }]);
    expect(second).toMatchObject({ line: '2', tax: 22 });
    expect(others).toEqual([]);
  });

  it('gives back only what is left of it', () => {
    const half = creditPartOfLine(quote, { line: '1', gross: 6100, quantity: 0 }, []);
    expect(creditTaxOfLines(quote, ['1'], [half])).toMatchObject([{ tax: 1100, taxes: [{ base: 5000 }] }]);
    expect(creditTaxOfLines(quote, ['1'], creditWholeLines(quote, ['1']))).toEqual([]);
  });

  it('leaves the net to be credited later, without tax', () => {
    const credits = creditTaxOfLines(quote, ['1'], []);
    const part = creditPartOfLine(quote, { line: '1', gross: 2500, quantity: 0 }, credits);
    expect(part).toMatchObject({ net: 2500, tax: 0, gross: 2500 });
  });

  it('refuses a line that the order does not have', () => {
    expect(() => creditTaxOfLines(quote, ['9'], [])).toThrow(expect.objectContaining({ code: 'request.invalid' }));
  });

  it('between partial credits leaves net and tax at exactly zero, and never gives tax back twice', () => {
    const sold = fc.record({ net: fc.integer({ min: 1, max: 10 ** 8 }), tax: fc.nat(10 ** 7) });
    const shares = fc.array(fc.integer({ min: 1, max: 1_000 }), { maxLength: 5 });
    fc.assert(
      fc.property(sold, shares, shares, ({ net, tax }, before, after) => {
        const one = sampleQuote([line('1', net, tax)]);
        const credits: CreditedLine[] = [];
        const left = () => net + tax - credits.reduce((total, { gross }) => total + gross, 0);
        const creditShares = (thousandths: readonly number[]) => {
          for (const share of thousandths) {
            const gross = Math.min(left(), Math.max(1, Math.floor((left() * share) / 1_000)));
            if (gross > 0) credits.push(creditPartOfLine(one, { line: '1', gross, quantity: 0 }, credits));
          }
        };
        creditShares(before);
        credits.push(...creditTaxOfLines(one, ['1'], credits));
        const taxed = credits.length;
        creditShares([...after, 1_000]);
        expect(credits.slice(taxed).every((credit) => credit.tax === 0)).toBe(true);
        expect(credits.every((credit) => credit.net >= 0 && credit.tax >= 0)).toBe(true);
        expect(credits.reduce((total, credit) => total + credit.net, 0)).toBe(net);
        expect(credits.reduce((total, credit) => total + credit.tax, 0)).toBe(tax);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFailure } from '../../../domain/failures.ts';
import { creditPartOfLine, creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import type { CreditedLine } from '../../../domain/invoice/credited-line.ts';
import { sampleLine, sampleOrder, sampleQuote } from './sample-order.ts';
import { propertyRuns } from '../../support/property-runs.ts';

describe('crediting a line', () => {
  it('gives a whole line back as it was sold', () => {
    const [credit] = creditWholeLines(sampleOrder().quote, ['2']);
    expect(credit).toMatchObject({
      line: '2',
      sellerId: 'seller_books',
      quantity: 1,
      net: 1000,
      tax: 190,
      gross: 1190,
    });
  });

  it('refuses a line that the order does not have, or one that is named twice', () => {
    for (const lines of [['3'], ['1', '1']]) {
      expect(() => creditWholeLines(sampleOrder().quote, lines)).toThrow(
        expect.objectContaining({ code: 'request.invalid' }),
      );
    }
  });

  it('splits a part in proportion: a refund of 25 from 125 at 25 % is 20 net and 5 tax', () => {
    const quote = sampleQuote([sampleLine({ line: '1', name: 'x', net: 10000, taxes: [['SE', 'VAT', '0.25', 2500]] })]);
    expect(creditPartOfLine(quote, { line: '1', gross: 2500, quantity: 0 }, [])).toMatchObject({ net: 2000, tax: 500 });
  });

  it('leaves net and every tax at exactly zero after any sequence that ends in a full refund', () => {
    const line = fc.record({
      net: fc.integer({ min: 1, max: 10 ** 9 }),
      first: fc.nat(10 ** 8),
      second: fc.nat(10 ** 8),
    });
    fc.assert(
      fc.property(line, fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { maxLength: 8 }), (given, shares) => {
        const sold = sampleLine({
          line: '1',
          name: 'x',
          net: given.net,
          taxes: [
            ['CA', 'GST', '0.05', given.first],
            ['CA-QC', 'QST', '0.09975', given.second],
          ],
        });
        const quote = sampleQuote([sold]);
        const credits: CreditedLine[] = [];
        let left = sold.gross;
        for (const share of [...shares, 1]) {
          const gross = Math.min(left, Math.max(1, Math.floor(left * share)));
          if (gross === 0) break;
          const credit = creditPartOfLine(quote, { line: '1', gross, quantity: 0 }, credits);
          for (const tax of credit.taxes) expect(tax.amount).toBeGreaterThanOrEqual(0);
          expect(credit.net + credit.tax).toBe(gross);
          credits.push(credit);
          left -= gross;
        }
        const total = (pick: (credit: CreditedLine) => number) => credits.reduce((sum, one) => sum + pick(one), 0);
        expect(total(({ net }) => net)).toBe(sold.net);
        for (const index of [0, 1]) {
          expect(total(({ taxes }) => taxes[index]?.amount ?? NaN)).toBe(sold.taxes[index]?.amount);
          expect(total(({ taxes }) => taxes[index]?.base ?? NaN)).toBe(sold.taxes[index]?.base);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('never credits more than is left', () => {
    const { quote } = sampleOrder();
    const half = creditPartOfLine(quote, { line: '2', gross: 600, quantity: 0 }, []);
    try {
      creditPartOfLine(quote, { line: '2', gross: 591, quantity: 0 }, [half]);
      throw new Error('it was credited');
    } catch (error) {
      expect(isFailure(error, 'request.invalid')).toBe(true);
    }
  });
});

import { describe, expect, it } from '@jest/globals';
import * as isoCurrencies from 'dinero.js/bigint/currencies';
import fc from 'fast-check';
import { creditPartOfLine, creditTaxOfLines } from '../../../domain/invoice/credited-line.ts';
import type { CreditedLine } from '../../../domain/invoice/credited-line.ts';
import { creditNoteContent, invoiceContent } from '../../../domain/invoice/invoice-content.ts';
import { documentNumber } from '../../../domain/invoice/invoice.ts';
import type { CreditNoteContent } from '../../../domain/invoice/invoice.ts';
import { legalEntityAt } from '../../../domain/invoice/legal-entity.ts';
import { formatMoney } from '../../../domain/money/money.ts';
import type { Quote } from '../../../domain/order/order.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { sampleLine, sampleOrder, sampleQuote } from './sample-order.ts';

const at = '2026-11-21T10:00:00.000Z';
const entity = legalEntityAt(at);
const currencies = Object.keys(isoCurrencies).filter((code) => /^[A-Z]{3}$/.test(code));

const net = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 10 ** 9 }));
/** Rates of up to two taxes, in thousandths of the net. */
const rates = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 2 });
const soldLine = fc.record({ net, rates, discount: fc.nat(10 ** 6) });
const places = [
  { country: 'CA', region: 'QC', taxes: ['CA', 'CA-QC'], local: 'CAD' },
  { country: 'DE', region: null, taxes: ['DE', 'DE'], local: 'EUR' },
] as const;
const sale = fc.record({
  currency: fc.constantFrom(...currencies),
  place: fc.constantFrom(...places),
  lines: fc.array(soldLine, { minLength: 1, maxLength: 4 }),
});
/** Which line next, and how much of what is left of it, in thousandths. */
const steps = fc.array(fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 1_000 })), { maxLength: 12 });

type Sale = typeof sale extends fc.Arbitrary<infer Value> ? Value : never;

function quoteOf({ currency, place, lines }: Sale): Quote {
  const sold = lines.map((line, index) =>
    sampleLine({
      ...{ line: `${index + 1}`, name: 'x', net: line.net, discount: line.discount },
      taxes: line.rates.map((thousandths, tax) => [
        place.taxes[tax] ?? '',
        // One name per jurisdiction and rate, as every state has it: the quote's summary knows no more either.
        'VAT',
        (thousandths / 1_000).toString(),
        Math.round((line.net * thousandths) / 1_000),
      ]),
    }),
  );
  const { country, region } = place;
  return sampleQuote(sold, { currency, placeOfSupply: { country, region, postalCode: null, evidence: [] } });
}

function invoiceOf(quote: Quote, { currency, place: { local } }: Sale) {
  const rate = { amount: 13_579, scale: 4 };
  const exchangeRate = currency === local ? null : { from: currency, to: local, rate, date: '2026-11-20', source: 'x' };
  const order = sampleOrder({ quote, customer: { country: quote.placeOfSupply.country } });
  const payment = { method: 'card', paidAt: at };
  const content = invoiceContent({ id: 'inv_1', fact: 'f', order, payment, entity, exchangeRate, at });
  return { ...content, ...documentNumber('INV', 2026, 1) };
}

/** Credits in the given order until nothing is left; `giveTaxBack` names the line whose tax is given back at first. */
function creditAll(quote: Quote, order: readonly (readonly [number, number])[], giveTaxBack: string | null) {
  const credits: CreditedLine[] = giveTaxBack === null ? [] : [...creditTaxOfLines(quote, [giveTaxBack], [])];
  const creditShare = (line: Quote['lines'][number] | undefined, share: number) => {
    if (line === undefined) return;
    const before = credits.filter((credit) => credit.line === line.line);
    const left = line.gross - before.reduce((total, { gross }) => total + gross, 0);
    const gross = Math.max(1, Math.floor((left * share) / 1_000));
    if (left > 0) credits.push(creditPartOfLine(quote, { line: line.line, gross, quantity: 0 }, credits));
  };
  for (const [index, share] of order) creditShare(quote.lines[index % quote.lines.length], share);
  for (const line of quote.lines) creditShare(line, 1_000);
  return credits;
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

describe('any sequence of partial refunds', () => {
  it('ends at exactly zero net, tax and discount, in every currency of ISO 4217', () => {
    expect(currencies.length).toBeGreaterThan(150);
    const property = fc.property(sale, steps, fc.option(fc.nat(3)), (sold, order, taxOf) => {
      const quote = quoteOf(sold);
      const taxed = taxOf === null ? undefined : quote.lines[taxOf % quote.lines.length];
      const credits = creditAll(quote, order, taxed?.line ?? null);
      for (const line of quote.lines) {
        const own = credits.filter((credit) => credit.line === line.line);
        expect(sumOf(own.map((credit) => credit.net))).toBe(line.net);
        expect(sumOf(own.map(({ tax }) => tax))).toBe(line.tax);
        expect(sumOf(own.map(({ discount }) => discount))).toBe(line.discount);
        line.taxes.forEach((tax, index) => {
          expect(sumOf(own.map(({ taxes }) => taxes[index]?.amount ?? NaN))).toBe(tax.amount);
        });
      }
      for (const credit of credits) {
        expect(credit.net + credit.tax).toBe(credit.gross);
        expect(Math.min(credit.net, credit.tax, credit.discount, ...credit.taxes.map(({ amount }) => amount))).toBe(
          Math.max(0, Math.min(credit.net, credit.tax, credit.discount, ...credit.taxes.map(({ amount }) => amount))),
        );
        if (credit.net > 0) for (const { base } of credit.taxes) expect([0, credit.net]).toContain(base);
      }
    });
    fc.assert(property, { numRuns: propertyRuns() });
  });

  it('leaves nothing of the tax in the currency of the taxing state either', () => {
    const property = fc.property(sale, steps, (sold, order) => {
      const quote = quoteOf(sold);
      const invoice = invoiceOf(quote, sold);
      const notes = creditAll(quote, order, null).map((line, index): CreditNoteContent =>
        creditNoteContent({
          ...{ id: `crn_${index}`, fact: `r${index}`, invoice, lines: [line], reason: 'goodwill', entity, at },
        }),
      );
      for (const whole of invoice.taxesInLocalCurrency) {
        const credited = notes
          .flatMap(({ taxesInLocalCurrency }) => taxesInLocalCurrency)
          .filter(
            ({ jurisdiction, name, rate }) =>
              `${jurisdiction}${name}${rate}` === `${whole.jurisdiction}${whole.name}${whole.rate}`,
          );
        expect(sumOf(credited.map(({ amount }) => amount))).toBe(whole.amount);
        for (const { exchangeRate } of credited) expect(exchangeRate).toEqual(whole.exchangeRate);
      }
      expect(sumOf(notes.map(({ gross }) => gross))).toBe(invoice.gross);
      expect(sumOf(notes.map(({ discount }) => discount))).toBe(
        sumOf(invoice.lines.map(({ discount, gross }) => (gross > 0 ? discount : 0))),
      );
    });
    fc.assert(property, { numRuns: propertyRuns() });
  });

  it('never gives back more tax than money: a cent on two taxes that both round up', () => {
    const line = sampleLine({
      ...{ line: '1', name: 'x', net: 2 },
      taxes: [
        ['CA', 'GST', '0.5', 1],
        ['CA-QC', 'QST', '0.5', 1],
      ],
    });
    const quote = sampleQuote([line]);
    const credits: CreditedLine[] = [];
    for (let cent = 0; cent < 4; cent += 1) {
      credits.push(creditPartOfLine(quote, { line: '1', gross: 1, quantity: 0 }, credits));
    }
    expect(credits.map((credit) => [credit.net, credit.tax])).toEqual([
      [1, 0],
      [0, 1],
      [0, 1],
      [1, 0],
    ]);
    expect(formatMoney({ amount: sumOf(credits.map(({ gross }) => gross)), currency: 'CAD' })).toBe('0.04 CAD');
  });
});

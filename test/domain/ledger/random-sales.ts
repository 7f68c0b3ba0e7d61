import fc from 'fast-check';
import { creditPartOfLine, creditTaxOfLines } from '../../../domain/invoice/credited-line.ts';
import type { CreditedLine } from '../../../domain/invoice/credited-line.ts';
import type { JournalEntry } from '../../../domain/ledger/journal-entry.ts';
import { refundEntry, saleEntry } from '../../../domain/ledger/order-entries.ts';
import { applyFraction, sum } from '../../../domain/money/money.ts';
import type { OrderLine, Quote } from '../../../domain/order/order.ts';
import type { FrozenSellerTerms } from '../../../domain/seller/seller.ts';
import { sampleLine, sampleQuote } from '../invoice/sample-order.ts';

const terms: fc.Arbitrary<FrozenSellerTerms> = fc.record({
  role: fc.constantFrom('principal', 'agent'),
  commissionBasisPoints: fc.integer({ min: 0, max: 10_000 }),
  fixedFee: fc.constantFrom(0, 1, 30, 100_000),
  gatewayFees: fc.constantFrom('us', 'seller'),
});

const line = fc.record({
  net: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 10 ** 10 })),
  /** Basis points; no law takes more than this. */
  taxes: fc.array(fc.tuple(fc.constantFrom('DE', 'FR', 'CA', 'CA-QC'), fc.nat(3_000)), { maxLength: 3 }),
  seller: fc.constantFrom('a', 'b', 'c'),
  terms: fc.option(terms),
  recurring: fc.constantFrom(null, { interval: 'year', count: 1, usage: 'licensed', meter: null } as const),
});

/** Orders of one to six lines by up to three sellers, in currencies of 0, 2 and 3 digits. */
export const quotes: fc.Arbitrary<Quote> = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 6 }), fc.constantFrom('EUR', 'JPY', 'KWD'))
  .map(([lines, currency]) => {
    const sold = lines.map(({ net, taxes, seller, terms: sellerTerms, recurring }, index): OrderLine => {
      const given = taxes.map(([jurisdiction, basisPoints]) => {
        return [jurisdiction, 'tax', '0.1', applyFraction(net, basisPoints, 10_000)] as const;
      });
      const made = sampleLine({ line: `${index + 1}`, name: 'x', net, sellerId: seller, sellerTerms, taxes: given });
      return { ...made, recurring };
    });
    return sampleQuote(sold, { currency });
  });

/** What is given back, in this order: tax alone of a line, or a share of what is left of it in thousandths. */
export const givingBack = fc.array(
  fc.record({ line: fc.nat(5), share: fc.integer({ min: 1, max: 1_000 }), taxAlone: fc.boolean() }),
  { maxLength: 8 },
);
export type GivingBack = typeof givingBack extends fc.Arbitrary<infer Steps> ? Steps : never;

const at = '2026-11-21T10:00:00.000Z';

/**
 * The entries of a sale and of refunds that end with everything given back.
 * @param thousandths of the gross that store credit pays: it goes back as store credit when no money is left to give back
 */
export function lifeOf(
  orderId: string,
  quote: Quote,
  fee: number,
  steps: GivingBack,
  thousandths = 0,
): readonly JournalEntry[] {
  const credit = applyFraction(quote.gross, thousandths, 1_000);
  const money = quote.gross - credit;
  const payment = money === 0 ? null : { gateway: 'g', captured: money, fee: Math.min(fee, money) };
  const sale = saleEntry({ orderId, quote, payment, credit, at });
  const entries = [sale];
  const credited: CreditedLine[] = [];
  const refund = (lines: readonly CreditedLine[]): void => {
    if (lines.length === 0) return;
    const earlier = [...credited];
    const left = Math.max(0, money - sum(earlier.map(({ gross }) => gross)));
    const toCredit = Math.max(0, sum(lines.map(({ gross }) => gross)) - left);
    const gateway = left === 0 ? null : 'g';
    const refundId = `r${entries.length}`;
    entries.push(refundEntry({ orderId, refundId, quote, sale, lines, earlier, gateway, toCredit, at }));
    credited.push(...lines);
  };
  const partOf = (sold: OrderLine, share: number): readonly CreditedLine[] => {
    const left = sold.gross - sum(credited.filter((one) => one.line === sold.line).map(({ gross }) => gross));
    const gross = Math.ceil((left / 1_000) * share);
    return left === 0
      ? []
      : [creditPartOfLine(quote, { line: sold.line, gross: Math.min(gross, left), quantity: 0 }, credited)];
  };
  for (const { line: index, share, taxAlone } of steps) {
    const sold = quote.lines[index % quote.lines.length];
    if (sold === undefined) continue;
    refund(taxAlone ? creditTaxOfLines(quote, [sold.line], credited) : partOf(sold, share));
  }
  for (const sold of quote.lines) refund(partOf(sold, 1_000));
  return entries;
}

import fc from 'fast-check';
import { applyFraction } from '../../../domain/money/money.ts';
import type { Quote } from '../../../domain/order/order.ts';
import type { RefundRequest } from '../../../services/refund/refund-request.ts';
import { sampleLine, sampleQuote } from '../../domain/invoice/sample-order.ts';
import { frozenTerms } from '../../domain/seller/sample-terms.ts';
import type { OrderInPlay } from './refund-world.ts';

const yearly = { interval: 'year', count: 1, usage: 'licensed', meter: null } as const;

/** Basis points of each jurisdiction that taxes a line; a line may be taxed by several. */
const taxed = fc.uniqueArray(fc.tuple(fc.constantFrom('DE', 'FR', 'AT'), fc.integer({ min: 1, max: 2_700 })), {
  maxLength: 2,
  selector: ([jurisdiction]) => jurisdiction,
});

const line = fc.record({
  net: fc.oneof(fc.nat(20), fc.integer({ min: 1, max: 30_000 }), fc.integer({ min: 10 ** 6, max: 10 ** 8 })),
  discount: fc.constantFrom(0, 0, 7),
  quantity: fc.integer({ min: 1, max: 5 }),
  taxes: taxed,
  vendor: fc.boolean(),
  recurring: fc.constantFrom(null, null, null, yearly),
});

/** Priced baskets of one to four lines, by us and by a vendor, in currencies of 0, 2 and 3 digits. */
export const soldQuotes: fc.Arbitrary<Quote> = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 4 }), fc.constantFrom('EUR', 'EUR', 'JPY', 'KWD'))
  .map(([lines, currency]) => {
    const sold = lines.map(({ net, discount, quantity, taxes, vendor, recurring }, index) => {
      const rates = taxes.map(
        ([jurisdiction, points]) =>
          [jurisdiction, 'VAT', (points / 10_000).toString(), applyFraction(net, points, 10_000)] as const,
      );
      const seller = vendor ? { sellerId: 'books', sellerTerms: frozenTerms({ gatewayFees: 'seller' }) } : {};
      const made = sampleLine({ line: `${index + 1}`, name: 'x', quantity, net, discount, taxes: rates, ...seller });
      return { ...made, recurring, delivery: [] };
    });
    return sampleQuote(sold, { currency });
  });

const which = fc.nat(5);
const share = fc.integer({ min: 1, max: 1_000 });

/** What is asked to go back, in shares of what was sold: more than is left is asked for as well. */
const asking = fc.record({
  shape: fc.constantFrom('everything', 'units', 'money of a line', 'amount'),
  line: which,
  quantity: fc.integer({ min: 1, max: 5 }),
  share,
  outcome: fc.constantFrom('original_method', 'original_method', 'store_credit'),
  requestedBy: fc.constantFrom('merchant', 'system'),
  cause: fc.constantFrom('request', 'request', 'goodwill', 'bulk'),
});
type Asking = typeof asking extends fc.Arbitrary<infer Value> ? Value : never;

const faults = fc.array(fc.constantFrom('none', 'unreachable', 'lost'), { minLength: 1, maxLength: 4 });

/** One thing that people, banks, partners or our own workflows do; `refund` is one of those that were asked for. */
export const moves = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('capture') }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('ask'), asking }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('work'), refund: which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel'), refund: which }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('vote'), refund: which, by: fc.constantFrom('a', 'b'), yes: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('bank returns'), refund: which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('bank settles'), refund: which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('webhook'), refund: which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('otherwise'),
      refund: which,
      means: fc.constantFrom('store_credit', 'bank_transfer'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fault'), faults }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hold'), refunds: fc.integer({ min: 1, max: 2 }) }) },
);
export type Move = typeof moves extends fc.Arbitrary<infer Value> ? Value : never;

/** What is done at the same time, one wave after the other. */
export const waves = fc.array(fc.array(moves, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });

export async function play(order: OrderInPlay, move: Move): Promise<void> {
  switch (move.do) {
    case 'capture':
      return void (await order.capture());
    case 'ask':
      return order.ask(requestOf(order.quote, move.asking));
    case 'work':
      return void (await order.work(move.refund));
    case 'cancel':
      return void (await order.cancel(move.refund));
    case 'vote':
      return void (await order.vote(move.refund, move.by, move.yes));
    case 'bank returns':
      return order.bankReturns(move.refund);
    case 'bank settles':
      return order.bankSettles(move.refund);
    case 'webhook':
      return void (await order.hear(move.refund));
    case 'otherwise':
      return void (await order.otherwise(move.refund, move.means));
    case 'fault':
      return order.acquirer.disturb(move.faults);
    case 'hold':
      return order.acquirer.holdRefunds(move.refunds);
  }
}

function requestOf(quote: Quote, asked: Asking): Omit<RefundRequest, 'order' | 'reason'> {
  const { outcome, requestedBy, cause } = asked;
  const sold = quote.lines[asked.line % quote.lines.length];
  const part = (gross: number) => Math.max(1, applyFraction(gross, asked.share, 1_000));
  const how = { outcome, requestedBy, cause } as const;
  switch (asked.shape) {
    case 'everything':
      return how;
    case 'units':
      return { ...how, lines: [{ line: sold?.line ?? '', quantity: asked.quantity }] };
    case 'money of a line':
      return { ...how, lines: [{ line: sold?.line ?? '', amount: part(sold?.gross ?? 0) }] };
    case 'amount':
      return { ...how, amount: part(quote.gross) };
  }
}

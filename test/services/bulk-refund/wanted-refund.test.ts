import { describe, expect, it } from '@jest/globals';
import type { Order } from '../../../domain/order/order.ts';
import { wantedRefund } from '../../../services/bulk-refund/wanted-refund.ts';
import { sampleLine, sampleOrder, sampleQuote } from '../../domain/invoice/sample-order.ts';

const taxes = [['DE', 'VAT', '0.19', 190]] as const;
const plain = {
  ...sampleLine({ line: '1', name: 'App', quantity: 3, net: 1000, taxes }),
  product: 'app',
  price: 'app_eur',
};
const component = (line: string, product: string, quantity: number) => ({
  ...sampleLine({ line, name: product, quantity, net: 1000, taxes }),
  ...{ product, price: 'suite_eur', bundle: 'suite' },
});
const lines = [plain, component('2.1', 'app', 4), component('2.2', 'book', 2)];
const order: Pick<Order, 'id' | 'quote' | 'requestedLines'> = {
  id: sampleOrder({}).id,
  quote: sampleQuote(lines),
  requestedLines: [
    { price: 'app_eur', quantity: 3 },
    { price: 'suite_eur', quantity: 2 },
  ],
};
const currency = order.quote?.currency ?? '';
const asked = { reason: 'Price error', outcome: 'original_method' } as const;
const difference = (sold: object, amount = 100) =>
  wantedRefund(order, { ...asked, refund: { kind: 'difference', ...sold, perUnit: { amount, currency } } });

describe('what a bulk refund asks of one order', () => {
  it('is an ordinary request of the merchant, marked as one of many', () => {
    expect(wantedRefund(order, { ...asked, refund: { kind: 'full' } })).toEqual({
      ...{ ...asked, order: order.id, requestedBy: 'merchant', cause: 'bulk' },
    });
  });

  it('is the lines that sold a product, alone or in a bundle', () => {
    const of = (refund: object) => wantedRefund(order, { ...asked, refund: { kind: 'lines', ...refund } }).lines;
    expect(of({ product: 'app' })).toEqual([{ line: '1' }, { line: '2.1' }]);
    expect(of({ product: 'app', price: 'app_eur' })).toEqual([{ line: '1' }]);
    expect(of({ product: 'suite' })).toEqual([{ line: '2.1' }, { line: '2.2' }]);
    expect(() => of({ product: 'pen' })).toThrow(expect.objectContaining({ code: 'refund.line_unknown' }));
  });

  it('is the difference for each unit of a product', () => {
    expect(difference({ product: 'app' }).lines).toEqual([
      { line: '1', amount: 300 },
      { line: '2.1', amount: 400 },
    ]);
  });

  it('is the difference for each bundle, spread over its components', () => {
    expect(difference({ price: 'suite_eur' })).toMatchObject({
      lines: [{ line: '2.1' }, { line: '2.2' }],
      amount: { amount: 200, currency },
    });
  });

  it('is nothing in another currency, or where nothing was priced', () => {
    const inYen = { kind: 'difference', product: 'app', perUnit: { amount: 1, currency: 'JPY' } } as const;
    expect(() => wantedRefund(order, { ...asked, refund: inYen })).toThrow(
      expect.objectContaining({ code: 'refund.currency_mismatch' }),
    );
    expect(() => wantedRefund({ ...order, quote: null }, { ...asked, refund: inYen })).toThrow(
      expect.objectContaining({ code: 'refund.order_not_paid' }),
    );
  });
});

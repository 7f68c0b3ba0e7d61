import type { OrderLine } from '../../../domain/order/order.ts';

/** A line of an order, complete; untaxed, because a plan looks at units and gross only. */
export function orderLineOf(
  line: string,
  { quantity, gross }: { readonly quantity: number; readonly gross: number },
): OrderLine {
  return {
    ...{ line, price: 'p', quantity, product: 'p', productName: 'P', bundle: null },
    ...{ sellerId: 'seller_default', sellerTerms: null, taxClass: 'saas', taxBehavior: 'inclusive' },
    ...{ delivery: [], recurring: null },
    ...{ list: gross, discount: 0, net: gross, tax: 0, gross, taxes: [] },
  };
}

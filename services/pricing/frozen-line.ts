import type { Price, Product, TaxBehavior } from '../../domain/catalog/catalog.ts';
import type { OrderLine } from '../../domain/order/order.ts';

/** A requested line with what the catalogue says of it. */
export interface SoldLine {
  readonly line: string;
  readonly price: Price;
  /** In the currency of the order. */
  readonly taxBehavior: TaxBehavior;
  readonly product: Product;
  readonly quantity: number;
  readonly list: number;
}

/** A line of an order before tax: what is frozen of the catalogue. */
export type FrozenLine = Omit<OrderLine, 'net' | 'tax' | 'gross' | 'taxes'>;

/** `bundle`: the product that the line is a component of. */
export function frozenLine(sold: SoldLine, discount: number, bundle: string | null = null): FrozenLine {
  const { line, price, taxBehavior, product, quantity, list } = sold;
  return {
    line,
    price: price.id,
    quantity,
    product: product.id,
    productName: product.name,
    bundle,
    sellerId: product.sellerId,
    sellerTerms: null,
    taxClass: product.taxClass,
    taxBehavior,
    delivery: product.delivery,
    recurring: price.recurring,
    list,
    discount,
  };
}

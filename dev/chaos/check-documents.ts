import { isSold } from './check-orders.ts';
import type { World } from './snapshot.ts';
import { complaints } from './violation.ts';
import type { Violation } from './violation.ts';

/** Numbers 1 … N in each series; one invoice per sale, one credit note per refund, for the same amounts. */
export function checkDocuments(world: World): Violation[] {
  const found: Violation[] = [];
  const complain = complaints('invoice numbers without gaps, one per fact', found);
  const look = 'MongoDB: invoices';
  const series = new Map<string, number[]>();
  for (const { legalEntity, series: name, year, sequence } of world.documents) {
    const key = `${legalEntity} ${name}-${year}`;
    series.set(key, [...(series.get(key) ?? []), sequence]);
  }
  for (const [key, numbers] of series) {
    const sorted = numbers.sort((a, b) => a - b);
    if (sorted.some((number, index) => number !== index + 1))
      complain(null, `${key}: the numbers are ${sorted.join(', ')}`, look);
  }
  for (const order of world.orders) {
    const { view } = order;
    const mine = world.documents.filter(({ orderId }) => orderId === view.id).map(({ document }) => document);
    const invoices = mine.filter(({ kind }) => kind === 'invoice');
    const credits = mine.filter(({ kind }) => kind === 'credit_note');
    if (invoices.length !== (isSold(order) ? 1 : 0)) complain(view.id, `it has ${invoices.length} invoices`, look);
    if (credits.length !== view.refunds.length)
      complain(view.id, `${credits.length} credit notes for ${view.refunds.length} refunds`, look);
    for (const { number, gross } of invoices)
      if (gross !== view.amounts?.gross)
        complain(view.id, `${number} is over ${gross}, the order over ${view.amounts?.gross}`, look);
    const credited = credits.reduce((sum, { gross }) => sum + Math.abs(gross), 0);
    const refunded = view.refunds.reduce((sum, { amount }) => sum + amount, 0);
    if (credited !== refunded) complain(view.id, `credited ${credited}, refunded ${refunded}`, look);
  }
  return found;
}

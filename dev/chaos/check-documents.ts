import { sum } from '../../domain/money/money.ts';
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
  for (const order of world.orderRecords) {
    const mine = world.documents.filter(({ orderId }) => orderId === order.id).map(({ document }) => document);
    const invoices = mine.filter(({ kind }) => kind === 'invoice');
    const credits = mine.filter(({ kind }) => kind === 'credit_note');
    const refunds = order.refunds.filter(({ status, amount }) => status === 'succeeded' && amount > 0);
    if (invoices.length !== (order.status === 'completed' ? 1 : 0))
      complain(order.id, `it has ${invoices.length} invoices`, look);
    if (credits.length !== refunds.length)
      complain(order.id, `${credits.length} credit notes for ${refunds.length} refunds`, look);
    for (const { number, gross } of invoices)
      if (gross !== order.quote?.gross)
        complain(order.id, `${number} is over ${gross}, the order over ${order.quote?.gross}`, look);
    const credited = sum(credits.map(({ gross }) => Math.abs(gross)));
    const refunded = sum(refunds.map(({ amount }) => amount));
    if (credited !== refunded) complain(order.id, `credited ${credited}, refunded ${refunded}`, look);
  }
  return found;
}

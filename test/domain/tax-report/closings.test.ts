import { describe, expect, it } from '@jest/globals';
import { belongsInReturn, isReported } from '../../../domain/tax-report/closings.ts';

const invoice = (sequence: number) => ({ series: 'INV', year: 2026, sequence });
const closing = (period: string, last: number) => ({ period, upTo: { 'INV-2026': last } });

describe('a document', () => {
  it('goes into the return of its own period while that is open', () => {
    expect(belongsInReturn(invoice(5), '2026-Q1', closing('2026-Q1', 5), [])).toBe(true);
    expect(isReported(invoice(5), '2026-Q1', [closing('2026-Q1', 5)])).toBe(true);
  });

  it('is in no return whose mark it lies beyond', () => {
    expect(belongsInReturn(invoice(6), '2026-Q1', closing('2026-Q1', 5), [])).toBe(false);
    expect(isReported(invoice(6), '2026-Q1', [closing('2026-Q1', 5)])).toBe(false);
    expect(belongsInReturn({ ...invoice(1), series: 'CN' }, '2026-Q1', closing('2026-Q1', 5), [])).toBe(false);
  });

  it('that came after its period was closed goes into the next return, once', () => {
    const earlier = [closing('2026-Q1', 5)];
    expect(belongsInReturn(invoice(6), '2026-Q1', closing('2026-Q2', 9), earlier)).toBe(true);
    expect(belongsInReturn(invoice(5), '2026-Q1', closing('2026-Q2', 9), earlier)).toBe(false);
    const later = [...earlier, closing('2026-Q2', 9)];
    expect(belongsInReturn(invoice(6), '2026-Q1', closing('2026-Q3', 20), later)).toBe(false);
    expect(belongsInReturn(invoice(10), '2026-Q1', closing('2026-Q3', 20), later)).toBe(true);
  });

  it('of a period that is still open waits for its own return, although a later one closes first', () => {
    expect(belongsInReturn(invoice(3), '2026-Q1', closing('2026-Q2', 9), [])).toBe(false);
    expect(belongsInReturn(invoice(3), '2026-Q1', closing('2026-Q1', 12), [closing('2026-Q2', 9)])).toBe(true);
  });

  it('never goes into the return of an earlier period', () => {
    expect(belongsInReturn(invoice(3), '2026-Q2', closing('2026-Q1', 9), [closing('2026-Q2', 2)])).toBe(false);
  });

  it('that a return closed out of turn has taken is not taken again', () => {
    const earlier = [closing('2026-Q1', 5), closing('2026-Q3', 9)];
    expect(belongsInReturn(invoice(7), '2026-Q1', closing('2026-Q2', 12), earlier)).toBe(false);
    expect(belongsInReturn(invoice(10), '2026-Q1', closing('2026-Q2', 12), earlier)).toBe(true);
  });
});

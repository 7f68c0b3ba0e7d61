import { describe, expect, it } from '@jest/globals';
import { approvalsNeeded } from '../../../domain/refund/approvals.ts';
import { planRefund } from '../../../domain/refund/refund-plan.ts';
import { refundTransitions } from '../../../domain/refund/refund-record-status.ts';
import { unreachableStates } from '../../../domain/state-machine.ts';
import { orderLineOf } from './refund-plan-fixture.ts';

describe('what a request takes of an order', () => {
  const bundle = [orderLineOf('1.1', { quantity: 2, gross: 1_001 }), orderLineOf('1.2', { quantity: 4, gross: 500 })];
  const order = { quote: { lines: [...bundle, orderLineOf('2', { quantity: 3, gross: 1_000 })] }, taken: [] };
  const sold = { ...order, requestedLines: [{ quantity: 2 }, { quantity: 3 }] };
  const units = (line: string, quantity: number | null) =>
    planRefund(sold, { kind: 'lines', lines: [{ line, quantity, amount: null }] });

  it('of a bundle is the same share of each of its components', () => {
    expect(units('1', 1)).toEqual([
      { line: '1.1', quantity: 1, gross: 501 },
      { line: '1.2', quantity: 2, gross: 250 },
    ]);
  });

  it('of units is their share of what is left', () => {
    expect(units('2', 1)).toEqual([{ line: '2', quantity: 1, gross: 333 }]);
    expect(units('2', null)).toEqual([{ line: '2', quantity: 3, gross: 1_000 }]);
  });

  it('names the path of what it cannot give', () => {
    expect(() => units('7', 1)).toThrow(
      expect.objectContaining({ problems: [{ path: 'lines[0].line', message: expect.anything() }] }),
    );
    expect(() => units('2', 4)).toThrow(expect.objectContaining({ code: 'refund.exceeds' }));
    const all = { ...sold, taken: sold.quote.lines.map(({ line, quantity, gross }) => ({ line, quantity, gross })) };
    expect(() => planRefund(all, { kind: 'everything' })).toThrow(
      expect.objectContaining({ code: 'refund.nothing_left' }),
    );
  });
});

describe('how many people have to agree', () => {
  const at = '2026-11-21T10:00:00.000Z';
  const people = (change: object, judgement: { kind: 'granted' | 'refused' | 'needs_person' } | null = null) =>
    approvalsNeeded(
      { cause: 'request', requestedBy: 'merchant', currency: 'EUR', amount: 100, ...change },
      judgement,
      at,
    );

  it.each([
    [{ amount: 5_000_00 }, 0],
    [{ amount: 5_000_01 }, 1],
    [{ amount: 10_000_01 }, 2],
    [{ requestedBy: 'customer', amount: 1_000_01 }, 1],
    [{ requestedBy: 'system', amount: 99_000_00 }, 0],
    [{ cause: 'bulk', amount: 99_000_00 }, 0],
    [{ currency: 'JPY', amount: 700_000 }, 0],
    [{ currency: 'JPY', amount: 700_001 }, 1],
  ])('%j: %i', (change, needed) => {
    expect(people(change)).toBe(needed);
  });

  it('one when the rules leave it to a person, however little it is', () => {
    expect(people({ requestedBy: 'customer' }, { kind: 'needs_person' })).toBe(1);
  });
});

describe('the states of a refund', () => {
  it('can all be reached', () => {
    expect(unreachableStates(refundTransitions, 'requested')).toEqual([]);
  });
});

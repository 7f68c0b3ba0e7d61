import { describe, expect, it } from '@jest/globals';
import { orderEvent, orderEvents } from '../../../domain/order/order-events.ts';
import type { OrderEvent } from '../../../domain/order/order-events.ts';
import { hasEnded, isPaid, orderStatuses, orderTransitions } from '../../../domain/order/order-status.ts';
import type { OrderStatus } from '../../../domain/order/order-status.ts';
import { canTransition, isTerminal, unreachableStates } from '../../../domain/state-machine.ts';
import { messageTemplates } from '../../../domain/message/message.ts';

// One letter per status that the row's status may move to; a dot where it may not. Written out by hand, so that a change
// of the table has to be made twice.
const columns =
  'received screening in_review awaiting_payment paid delivering completed cancelled rejected failed needs_attention';
const allowed: Readonly<Record<OrderStatus, string>> = {
  received: '         . x . x . . . x x . x',
  screening: '        . . x x . . . x x . x',
  in_review: '        . . . x x . . x x . x',
  awaiting_payment: ' . . x . x . . x . x x',
  paid: '             . . . . . x x . . . x',
  delivering: '       . . . . . . x . . . x',
  completed: '        . . . . . . . . . . .',
  cancelled: '        . . . . . . . . . . .',
  rejected: '         . . . . . . . . . . .',
  failed: '           . . . . . . . . . . .',
  needs_attention: '  . . . . x x x x . x .',
};

describe('the status of an order', () => {
  it('knows the statuses of the outside contract, in its order', () => {
    expect(orderStatuses.join(' ')).toBe(columns);
  });

  it.each(orderStatuses)('%s moves where the table says, and nowhere else', (from) => {
    const row = orderStatuses.map((to) => (canTransition(orderTransitions, from, to) ? 'x' : '.')).join(' ');
    expect(row).toBe(allowed[from].trim());
  });

  it('can reach every status from the first', () => {
    expect(unreachableStates(orderTransitions, 'received')).toEqual([]);
  });

  it('has ended exactly where nothing follows', () => {
    for (const status of orderStatuses) expect(hasEnded(status)).toBe(isTerminal(orderTransitions, status));
    expect(orderStatuses.filter(hasEnded)).toEqual(['completed', 'cancelled', 'rejected', 'failed']);
  });

  it('never cancels, rejects or fails an order that was paid', () => {
    for (const status of orderStatuses.filter(isPaid))
      for (const end of ['cancelled', 'rejected', 'failed'] as const)
        expect(canTransition(orderTransitions, status, end)).toBe(false);
  });
});

describe('the events of an order', () => {
  const events = Object.keys(orderEvents) as OrderEvent[];

  it.each(events)('%s names a status and a template that exist, and says what happened', (event) => {
    const { status, text, message } = orderEvent(event);
    expect(text).toMatch(/^[A-Z][^.]+$/);
    if (status !== null) expect(orderStatuses).toContain(status);
    if (message !== null) expect(messageTemplates).toContain(message);
  });

  it('lead to every status', () => {
    expect(new Set(events.map((event) => orderEvent(event).status))).toEqual(new Set([...orderStatuses, null]));
  });
});

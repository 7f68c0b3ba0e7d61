import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assertNever, canTransition, isTerminal, unreachableStates } from '../../domain/state-machine.ts';
import type { TransitionTable } from '../../domain/state-machine.ts';
import { propertyRuns } from '../support/property-runs.ts';

const door: TransitionTable<'open' | 'closed' | 'locked' | 'burnt'> = {
  open: ['closed'],
  closed: ['open', 'locked'],
  locked: ['closed'],
  burnt: [],
};

describe('a transition table', () => {
  it('allows what it names and nothing else, staying included', () => {
    expect(canTransition(door, 'closed', 'locked')).toBe(true);
    expect(canTransition(door, 'open', 'locked')).toBe(false);
    expect(canTransition(door, 'open', 'open')).toBe(false);
  });

  it('ends where nothing leaves', () => {
    expect(isTerminal(door, 'burnt')).toBe(true);
    expect(isTerminal(door, 'open')).toBe(false);
  });

  it('finds the states that nothing leads to', () => {
    expect(unreachableStates(door, 'open')).toEqual(['burnt']);
    expect(unreachableStates(door, 'burnt')).toEqual(['open', 'closed', 'locked']);
  });

  it('reaches what a walk of any length reaches', () => {
    const states = ['a', 'b', 'c', 'd', 'e'] as const;
    const row = fc.subarray([...states]);
    fc.assert(
      fc.property(fc.record({ a: row, b: row, c: row, d: row, e: row }), fc.array(fc.nat(4)), (table, choices) => {
        const unreachable = unreachableStates(table, 'a');
        let here: (typeof states)[number] = 'a';
        for (const choice of choices) {
          here = table[here][choice % Math.max(table[here].length, 1)] ?? here;
          expect(unreachable).not.toContain(here);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('names the case that a switch forgot', () => {
    // What the compiler forbids, as it would arrive from outside.
    expect(() => assertNever('burnt' as never)).toThrow('burnt');
  });
});

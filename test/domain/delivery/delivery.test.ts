import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { deliveryCapabilities, deliveryId, deliveryTransitions } from '../../../domain/delivery/delivery.ts';
import { canTransition, isTerminal, unreachableStates } from '../../../domain/state-machine.ts';

describe('delivery', () => {
  it('has one id per order, line and method, made of business ids only', () => {
    expect(deliveryId('ord_1', '2', 'license')).toBe('order/ord_1/line/2/license');
    expect(new Set([deliveryId('ord_1', '1', 'license'), deliveryId('ord_1', '1', 'account')]).size).toBe(2);
  });

  it('never leaves impossible or revoked, and reaches every status', () => {
    expect(isTerminal(deliveryTransitions, 'impossible')).toBe(true);
    expect(isTerminal(deliveryTransitions, 'revoked')).toBe(true);
    expect(canTransition(deliveryTransitions, 'delivered', 'revoked')).toBe(true);
    expect(canTransition(deliveryTransitions, 'delivered', 'impossible')).toBe(false);
    expect(unreachableStates(deliveryTransitions, 'pending')).toEqual([]);
  });

  it('asks for a postal address only where something is posted', () => {
    const needing = Object.entries(deliveryCapabilities).filter(([, { needsAddress }]) => needsAddress);
    expect(needing.map(([method]) => method)).toEqual(['parcel']);
  });

  it('does not drag a library into the workflow bundle', () => {
    const source = readFileSync(new URL('../../../domain/delivery/delivery.ts', import.meta.url), 'utf8');
    const imported = [...source.matchAll(/^import (?:type )?.* from '([^']+)'/gm)].map(([, from]) => from);
    expect(imported.every((from) => from?.startsWith('.'))).toBe(true);
    expect(imported).not.toContain('../money/money.ts');
  });
});

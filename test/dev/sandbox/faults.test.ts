import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createFaults } from '../../../dev/sandbox/faults.ts';
import type { FaultRequest } from '../../../dev/sandbox/faults.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const draws = (request: FaultRequest, count: number) => {
  const faults = createFaults();
  faults.add(request);
  return Array.from({ length: count }, () => faults.draw(request.partner));
};
const error = (rest: Partial<FaultRequest>): FaultRequest => ({ partner: 'acquirer_a', kind: 'error', ...rest });

describe('faults', () => {
  it('come again in the same places with the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, rate) => {
        expect(draws(error({ seed, rate }), 50)).toEqual(draws(error({ seed, rate }), 50));
      }),
      { numRuns: propertyRuns() },
    );
    expect(draws(error({ seed: 1, rate: 0.5 }), 50)).not.toEqual(draws(error({ seed: 2, rate: 0.5 }), 50));
  });

  it('hit about as often as their rate says', () => {
    const hits = draws(error({ seed: 7, rate: 0.3 }), 10_000).filter((kind) => kind !== null).length;
    expect(hits).toBeGreaterThan(2_800);
    expect(hits).toBeLessThan(3_200);
  });

  it('hit every request without a rate and stop after their times', () => {
    expect(draws(error({ times: 2 }), 4)).toEqual(['error', 'error', null, null]);
  });

  it('hit only their partner, and nobody once cleared', () => {
    const faults = createFaults();
    faults.add(error({}));
    expect(faults.draw('acquirer_b')).toBeNull();
    faults.clear('acquirer_b');
    expect(faults.draw('acquirer_a')).toBe('error');
    faults.clear();
    expect(faults.draw('acquirer_a')).toBeNull();
  });

  it('of an unknown partner or kind are refused', () => {
    const faults = createFaults();
    for (const wrong of [{ partner: 'nobody' }, { kind: 'explode' }, { rate: 2 }, { times: 0 }])
      expect(() => faults.add({ ...error({}), ...wrong } as FaultRequest)).toThrow(); // wrong on purpose
  });

  it('meets only the requests that it names', () => {
    const faults = createFaults();
    faults.add({ ...error({}), request: '/captures$' });
    expect(faults.draw('acquirer_a', 'POST /acquirers/acquirer_a/payments')).toBeNull();
    expect(faults.draw('acquirer_a')).toBeNull();
    expect(faults.draw('acquirer_a', 'POST /acquirers/acquirer_a/payments/pay_1/captures')).toBe('error');
    expect(() => faults.add({ ...error({}), request: '(' })).toThrow();
  });
});

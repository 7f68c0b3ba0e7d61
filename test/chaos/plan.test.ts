import { describe, expect, it } from '@jest/globals';
import { planChaos } from '../../dev/chaos/plan.ts';

const request = { seed: 1, orders: 100, kills: 12, faulty: true };

describe('the chaos plan', () => {
  it('is decided by the seed', () => {
    expect(planChaos(request)).toEqual(planChaos(request));
    expect(planChaos({ ...request, seed: 2 })).not.toEqual(planChaos(request));
  });

  it('sends an order to every kill that lies in wait for an effect', () => {
    const { orders, kills } = planChaos(request);
    const waiting = kills.filter(({ point }) => point !== null).map(({ number }) => number);
    expect(waiting.length).toBeGreaterThan(4);
    expect(orders.flatMap(({ when }) => ('kill' in when ? [when.kill] : []))).toEqual(waiting);
    expect(orders).toHaveLength(100);
  });

  it('lets the licence pool run empty', () => {
    const { orders, poolSize } = planChaos(request);
    const wanted = orders.flatMap(({ kind }) => kind.lines).filter(([product]) => product === 'pool').length;
    expect(wanted).toBeGreaterThan(poolSize);
  });
});

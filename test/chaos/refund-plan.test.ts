import { describe, expect, it } from '@jest/globals';
import { planRefundChaos } from '../../dev/chaos/refund-plan.ts';

const request = { seed: 1, orders: 100, kills: 12 };

describe('the chaos plan of refunds', () => {
  it('is decided by the seed', () => {
    expect(planRefundChaos(request)).toEqual(planRefundChaos(request));
    expect(planRefundChaos({ ...request, seed: 2 })).not.toEqual(planRefundChaos(request));
  });

  it('asks of some orders for more than there is, and kills inside effects and anywhere', () => {
    const { refunds, kills } = planRefundChaos(request);
    expect(refunds).toHaveLength(100);
    expect(refunds.filter(({ requests }) => requests.length > 1).length).toBeGreaterThan(10);
    expect(kills.filter(({ point }) => point === null).length).toBeGreaterThan(0);
    expect(kills.filter(({ point }) => point !== null).length).toBeGreaterThan(4);
  });
});

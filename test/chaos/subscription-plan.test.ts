import { describe, expect, it } from '@jest/globals';
import { planSubscriptionChaos } from '../../dev/chaos/subscription-plan.ts';

const request = { seed: 1, orders: 100, kills: 12, faulty: true };

describe('the chaos plan of subscriptions', () => {
  it('is decided by the seed', () => {
    expect(planSubscriptionChaos(request)).toEqual(planSubscriptionChaos(request));
    expect(planSubscriptionChaos({ ...request, seed: 2 })).not.toEqual(planSubscriptionChaos(request));
  });

  it('loses workflows, leaves some unnoticed and asks for every command', () => {
    const { subscriptions } = planSubscriptionChaos(request);
    expect(subscriptions).toHaveLength(100);
    expect(new Set(subscriptions.map(({ sabotage }) => sabotage))).toEqual(
      new Set(['none', 'terminate', 'say_nothing']),
    );
    const asked = subscriptions.map(({ command }) => JSON.stringify(command?.body ?? null));
    expect(new Set(asked).size).toBe(5);
  });

  it('kills inside effects and anywhere, and has partners fail unless it is told not to', () => {
    const { kills, faults } = planSubscriptionChaos(request);
    expect(kills.filter(({ point }) => point === null).length).toBeGreaterThan(0);
    expect(kills.filter(({ point }) => point !== null).length).toBeGreaterThan(4);
    expect(faults.map(({ partner }) => partner)).toContain('acquirer_a');
    expect(planSubscriptionChaos({ ...request, faulty: false }).faults).toEqual([]);
  });
});

import { applyFraction } from '../../domain/money/money.ts';
import type { GatewayProfile } from './payment-gateway.ts';

interface Sale {
  readonly method: string;
  readonly currency: string;
  /** Minor units. */
  readonly amount: number;
}

/** What the provider keeps of an amount, in minor units of it. */
export function gatewayCost(profile: GatewayProfile, amount: number): number {
  return applyFraction(amount, profile.costBasisPoints, 10_000);
}

/**
 * The providers that can take this sale, best first: those that settle in its currency by name before those that take
 * any (they convert), then by cost, then by id so that the order is the same every time.
 */
export function candidates(profiles: readonly GatewayProfile[], sale: Sale): GatewayProfile[] {
  return profiles
    .filter((profile) => profile.methods.includes(sale.method))
    .filter(({ currencies }) => currencies === 'any' || currencies.includes(sale.currency))
    .sort(
      (a, b) =>
        convertsRank(a) - convertsRank(b) ||
        gatewayCost(a, sale.amount) - gatewayCost(b, sale.amount) ||
        a.costBasisPoints - b.costBasisPoints ||
        (a.id < b.id ? -1 : 1),
    );
}

const convertsRank = ({ currencies }: GatewayProfile): number => (currencies === 'any' ? 1 : 0);

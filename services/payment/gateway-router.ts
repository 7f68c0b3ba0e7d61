import { fail } from '../../domain/failures.ts';
import type { FailureCode } from '../../domain/failures.ts';
import { leastCharge, withinChargeLimits } from '../../domain/money/charge-limits.ts';
import type { Chargeable } from '../../domain/money/charge-limits.ts';
import { applyFraction } from '../../domain/money/money.ts';
import type { GatewayProfile } from './payment-gateway.ts';

/** What the provider keeps of an amount, in minor units of it. */
export function gatewayCost(profile: GatewayProfile, amount: number): number {
  return applyFraction(amount, profile.costBasisPoints, 10_000);
}

/** `gatewayCost` by the id of the gateway. @throws payment.no_gateway for one that we have no contract with */
export function gatewayFees(profiles: readonly GatewayProfile[]) {
  return (gateway: string, amount: number): number => {
    const profile = profiles.find(({ id }) => id === gateway);
    return gatewayCost(profile ?? fail('payment.no_gateway', `there is no gateway "${gateway}"`), amount);
  };
}

/**
 * The providers that can take this sale, best first: those that settle in its currency by name before those that take
 * any (they convert), then by cost, then by id so that the order is the same every time.
 */
export function candidates(profiles: readonly GatewayProfile[], sale: Chargeable): GatewayProfile[] {
  return takersOf(profiles, sale)
    .filter(({ limits }) => withinChargeLimits(limits, sale))
    .sort(
      (a, b) =>
        convertsRank(a) - convertsRank(b) ||
        gatewayCost(a, sale.amount) - gatewayCost(b, sale.amount) ||
        a.costBasisPoints - b.costBasisPoints ||
        (a.id < b.id ? -1 : 1),
    );
}

/**
 * What has to be left to charge for any of the providers to take it, minor units; 0 when none takes the method: the
 * charge will say so.
 */
export function leastChargeable(profiles: readonly GatewayProfile[]) {
  return (sale: Omit<Chargeable, 'amount'>): number => {
    const takers = takersOf(profiles, sale);
    return takers.length === 0 ? 0 : Math.min(...takers.map(({ limits }) => leastCharge(limits, sale)));
  };
}

/** Why there is no candidate for a sale. */
export function noCandidateCode(profiles: readonly GatewayProfile[], sale: Chargeable): FailureCode {
  return takersOf(profiles, sale).length === 0 ? 'payment.no_gateway' : 'payment.amount_out_of_range';
}

/** Those that take the method and the currency, whatever the amount. */
function takersOf(
  profiles: readonly GatewayProfile[],
  { method, currency }: Pick<Chargeable, 'method' | 'currency'>,
): GatewayProfile[] {
  return profiles
    .filter((profile) => profile.methods.includes(method))
    .filter(({ currencies }) => currencies === 'any' || currencies.includes(currency));
}

const convertsRank = ({ currencies }: GatewayProfile): number => (currencies === 'any' ? 1 : 0);

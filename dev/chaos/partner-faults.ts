import { faultyPartners } from '../sandbox/faults.ts';
import type { FaultRequest } from '../sandbox/faults.ts';
import type { PartnerWorld } from '../system/partner-world.ts';
import type { SeededRandom } from './seeded-random.ts';

/** How often each partner showed each fault: "acquirer_a lost_response" → 3. */
export type FaultsMet = ReadonlyMap<string, number>;

/** Share of partner requests that meet a fault: 10 % in all (temporal-numbers R7). */
const faultRates = { error: 0.04, lost_response: 0.03, slow: 0.02, timeout: 0.01 } as const;

/** What every partner gets wrong now and then. */
export function planFaults(random: SeededRandom): FaultRequest[] {
  const kinds = ['error', 'lost_response', 'slow', 'timeout'] as const;
  return faultyPartners.flatMap((partner) =>
    kinds.map((kind) => ({ partner, kind, rate: faultRates[kind], seed: random.between(1, 1_000_000) })),
  );
}

export async function beginFaults(
  { world }: { readonly world: PartnerWorld },
  faults: readonly FaultRequest[],
): Promise<void> {
  for (const fault of faults) await world.addFault(fault);
}

/** From now on every partner does as it is asked. */
export async function endFaults({ world }: { readonly world: PartnerWorld }): Promise<FaultsMet> {
  const met = new Map<string, number>();
  for (const { partner, kind, fired } of await world.faults()) {
    if (fired === 0) continue;
    const name = `${partner} ${kind}`;
    met.set(name, (met.get(name) ?? 0) + fired);
  }
  await world.endFaults();
  return met;
}

/** Mails that the server took without saying so: each may come once more (services/messages). */
export function lostMailAnswers(met: FaultsMet): number {
  return met.get('smtp lost_response') ?? 0;
}

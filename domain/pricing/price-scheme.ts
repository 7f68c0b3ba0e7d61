import type { PriceScheme } from '../catalog/catalog.ts';
import { fail } from '../failures.ts';
import type { InputProblem } from '../failures.ts';
import { assertAmount, sum } from '../money/money.ts';
import { assertNever } from '../state-machine.ts';

type TieredScheme = Extract<PriceScheme, { readonly type: 'volume' | 'graduated' }>;
type Tier = TieredScheme['tiers'][number];

/**
 * What a quantity costs before discount and tax, in minor units of the price's currency.
 * - `flat`: the amount, whatever the quantity;
 * - `per_unit`: every unit costs the amount;
 * - `volume`: all units cost what the one tier that holds the quantity says, plus its flat amount once;
 * - `graduated`: each unit costs what its own tier says, plus the flat amount of every tier that is reached;
 * - `package`: begun packages count as whole ones.
 *
 * @throws price.quantity_invalid for a quantity that is not a positive integer or that no tier holds
 * @throws money.amount_unsafe
 */
export function listAmount(scheme: PriceScheme, quantity: number): number {
  if (!Number.isSafeInteger(quantity) || quantity <= 0)
    fail('price.quantity_invalid', `a quantity is a positive integer, not ${quantity}`);
  switch (scheme.type) {
    case 'flat':
      return assertAmount(scheme.amount);
    case 'per_unit':
      return times(scheme.amount, quantity);
    case 'volume':
      return volumeAmount(scheme.tiers, quantity);
    case 'graduated':
      return graduatedAmount(scheme.tiers, quantity);
    case 'package':
      return times(scheme.amount, Math.ceil(quantity / scheme.size));
    default:
      return assertNever(scheme);
  }
}

function volumeAmount(tiers: readonly Tier[], quantity: number): number {
  const tier = tiers.find(({ upTo }) => upTo === null || quantity <= upTo) ?? beyondTiers(quantity);
  return assertAmount(times(tier.unitAmount, quantity) + tier.flatAmount);
}

function graduatedAmount(tiers: readonly Tier[], quantity: number): number {
  const parts: number[] = [];
  let priced = 0;
  for (const { upTo, unitAmount, flatAmount } of tiers) {
    if (priced === quantity) break;
    const end = upTo === null ? quantity : Math.min(upTo, quantity);
    parts.push(times(unitAmount, end - priced), flatAmount);
    priced = end;
  }
  return priced === quantity ? sum(parts) : beyondTiers(quantity);
}

function beyondTiers(quantity: number): never {
  return fail('price.quantity_invalid', `no tier of this price holds the quantity ${quantity}`);
}

/** The float product of two safe integers is safe exactly when the true product is. */
function times(amount: number, quantity: number): number {
  return assertAmount(assertAmount(amount) * quantity);
}

/**
 * What is wrong with a scheme, as paths below `at`; empty when every quantity from 1 on can be priced: amounts are
 * non-negative safe integers, tiers ascend, and the last one (and no other) is open.
 */
export function schemeProblems(scheme: PriceScheme, at = 'scheme'): InputProblem[] {
  switch (scheme.type) {
    case 'flat':
    case 'per_unit':
      return amountProblems(scheme.amount, `${at}.amount`);
    case 'package':
      return [...sizeProblems(scheme.size, `${at}.size`), ...amountProblems(scheme.amount, `${at}.amount`)];
    case 'volume':
    case 'graduated':
      return tierProblems(scheme.tiers, `${at}.tiers`);
    default:
      return assertNever(scheme);
  }
}

function tierProblems(tiers: readonly Tier[], at: string): InputProblem[] {
  if (tiers.length === 0) return [{ path: at, message: 'needs at least one tier' }];
  return tiers.flatMap((tier, index) => [
    ...boundProblems(tiers, index, `${at}[${index}].upTo`),
    ...amountProblems(tier.unitAmount, `${at}[${index}].unitAmount`),
    ...amountProblems(tier.flatAmount, `${at}[${index}].flatAmount`),
  ]);
}

function boundProblems(tiers: readonly Tier[], index: number, path: string): InputProblem[] {
  const upTo = tiers[index]?.upTo ?? null;
  const last = index === tiers.length - 1;
  if (last) return upTo === null ? [] : [{ path, message: 'the last tier is open: upTo must be null' }];
  if (upTo === null) return [{ path, message: 'only the last tier may be open' }];
  if (!Number.isSafeInteger(upTo)) return [{ path, message: 'must be an integer' }];
  const floor = tiers[index - 1]?.upTo ?? 0;
  return upTo > floor ? [] : [{ path, message: `must be greater than ${floor}` }];
}

function amountProblems(amount: number, path: string): InputProblem[] {
  return Number.isSafeInteger(amount) && amount >= 0
    ? []
    : [{ path, message: 'must be a non-negative integer in minor units' }];
}

function sizeProblems(size: number, path: string): InputProblem[] {
  return Number.isSafeInteger(size) && size >= 1 ? [] : [{ path, message: 'must be a positive integer' }];
}

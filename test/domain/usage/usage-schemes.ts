import fc from 'fast-check';
import type { PriceScheme } from '../../../domain/catalog/catalog.ts';

const tiers = [
  { upTo: 100, unitAmount: 10, flatAmount: 0 },
  { upTo: 1_000, unitAmount: 8, flatAmount: 500 },
  { upTo: null, unitAmount: 5, flatAmount: 0 },
];
/** Every way in which usage is priced; amounts per package do not divide by its size. */
export const schemeOf = fc.constantFrom<PriceScheme>(
  { type: 'graduated', tiers },
  { type: 'volume', tiers },
  { type: 'package', size: 10, amount: 49 },
  { type: 'per_unit', amount: 3 },
  { type: 'flat', amount: 900 },
);

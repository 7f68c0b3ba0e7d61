import type { InputProblem } from '../failures.ts';
import type { SellerTerms } from './seller.ts';

/**
 * What is wrong with putting `next` in the place of `current`: terms that have begun are what sales were shared by, so
 * they stay as they are and can only be given an end, and nothing begins or ends before `earliest`.
 * @param earliest ISO 8601 UTC: a little after now, when every process has read what is written now
 */
export function termsChangeProblems(
  current: readonly SellerTerms[],
  next: readonly SellerTerms[],
  earliest: string,
): readonly InputProblem[] {
  const from = Date.parse(earliest);
  const early = (moment: string | null): boolean => moment !== null && Date.parse(moment) < from;
  const begun = current.filter(({ validFrom }) => early(validFrom));
  const removed = begun
    .filter((old) => !next.some(({ validFrom }) => validFrom === old.validFrom))
    .map(({ validFrom }) => ({ path: 'terms', message: `the terms from ${validFrom} have begun and must stay` }));
  return [
    ...removed,
    ...next.flatMap((terms, index): InputProblem[] => {
      const path = `terms[${index}]`;
      const old = begun.find(({ validFrom }) => validFrom === terms.validFrom);
      if (old === undefined)
        return early(terms.validFrom) ? [{ path: `${path}.validFrom`, message: `must not be before ${earliest}` }] : [];
      if (!sameConditions(old, terms)) return [{ path, message: 'has begun: only its end can be changed' }];
      if (old.validTo === terms.validTo || !(early(old.validTo) || early(terms.validTo))) return [];
      return [{ path: `${path}.validTo`, message: `must not move what is before ${earliest}` }];
    }),
  ];
}

function sameConditions(a: SellerTerms, b: SellerTerms): boolean {
  const essence = ({ role, commissionBasisPoints, fixedFees, gatewayFees, source }: SellerTerms) =>
    JSON.stringify([
      role,
      commissionBasisPoints,
      gatewayFees,
      source,
      fixedFees.map(({ currency, amount }) => `${currency} ${amount}`).sort(),
    ]);
  return essence(a) === essence(b);
}

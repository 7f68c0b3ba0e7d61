/** The answer of a business register such as VIES. `unavailable` is an answer: the policy for it is ours. */
export type BusinessTaxIdAnswer =
  | { readonly status: 'confirmed'; readonly consultationNumber: string }
  | { readonly status: 'unknown' }
  | { readonly status: 'unavailable'; readonly reason: string };

/** Port. Never throws for a register that does not answer: that is `unavailable`. */
export interface BusinessTaxIdChecker {
  check(request: { readonly country: string; readonly businessTaxId: string }): Promise<BusinessTaxIdAnswer>;
}

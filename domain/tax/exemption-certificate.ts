import { canadaRates } from './data/canada.ts';
import { usStateRates } from './data/us-states.ts';

export const exemptionKinds = ['resale', 'non_profit', 'government'] as const;
export type ExemptionKind = (typeof exemptionKinds)[number];

/** A customer's proof that it does not pay the tax of certain jurisdictions. */
export interface ExemptionCertificate {
  readonly id: string;
  /** Id of the customer it was given to. */
  readonly customer: string;
  readonly kind: ExemptionKind;
  /** Names of jurisdictions as taxes bear them: "US-TX", "CA" for GST, "CA-BC". */
  readonly jurisdictions: readonly string[];
  /** The issuer's number, as it must be shown in an audit. */
  readonly number: string;
  /** Local dates of the jurisdiction: from inclusive, to exclusive; null for no expiry. */
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** Why a certificate does or does not take a tax away. */
export type ExemptionVerdict = 'applies' | 'other_jurisdiction' | 'not_yet_valid' | 'expired';

/** Whether the certificate frees a sale of that local date from the tax of that jurisdiction. */
export function exemptionVerdict(
  certificate: ExemptionCertificate,
  jurisdiction: string,
  localDate: string,
): ExemptionVerdict {
  if (!certificate.jurisdictions.includes(jurisdiction)) return 'other_jurisdiction';
  if (localDate < certificate.validFrom) return 'not_yet_valid';
  return certificate.validTo !== null && certificate.validTo <= localDate ? 'expired' : 'applies';
}

/** Where certificates exist: value added taxes know no such paper, a business there gives its tax id instead. */
export const exemptibleJurisdictions: readonly string[] = [
  ...new Set([
    ...usStateRates.filter(({ rate }) => rate !== '0').map(({ state }) => `US-${state}`),
    ...canadaRates.map(({ name, province }) => (name === 'GST' ? 'CA' : `CA-${province}`)),
  ]),
].sort();

const kindText: Readonly<Record<ExemptionKind, string>> = {
  resale: 'resale',
  non_profit: 'non-profit',
  government: 'government',
};

/** For the note beside the tax: "resale certificate TX-4711". */
export function certificateText({ kind, number }: Pick<ExemptionCertificate, 'kind' | 'number'>): string {
  return `${kindText[kind]} certificate ${number}`;
}

/** Why the certificate did not help, as a sentence to go on with ": tax is charged". */
export function verdictText(
  certificate: ExemptionCertificate,
  verdict: Exclude<ExemptionVerdict, 'applies'>,
  jurisdiction: string,
): string {
  const named = `The ${certificateText(certificate)}`;
  switch (verdict) {
    case 'other_jurisdiction':
      return `${named} is for ${certificate.jurisdictions.join(', ')} and not for ${jurisdiction}`;
    case 'not_yet_valid':
      return `${named} is valid from ${certificate.validFrom}`;
    case 'expired':
      return `${named} expired on ${certificate.validTo ?? ''}`;
  }
}

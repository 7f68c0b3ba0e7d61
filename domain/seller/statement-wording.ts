import type { Seller, SellerRole, SellerTerms } from './seller.ts';

export interface StatementNote {
  readonly code: 'self_billing' | 'agency';
  readonly text: string;
  readonly source: string;
}

/**
 * As principal we buy what we sell, and the statement is the seller's invoice to us, made out by us; the law wants it to
 * say so in these words. As agent it only gives account of what was sold for the seller.
 */
const notes: Readonly<Record<SellerRole, Readonly<Record<Seller['locale'], StatementNote>>>> = {
  principal: {
    en: {
      code: 'self_billing',
      text: 'Self-billing. This statement is issued by the customer in the name and on behalf of the supplier, as agreed.',
      source: 'Directive 2006/112/EC art. 224 and 226(10a)',
    },
    de: {
      code: 'self_billing',
      text: 'Gutschrift. Diese Abrechnung wird vereinbarungsgemäß vom Leistungsempfänger im Namen des Lieferanten ausgestellt.',
      source: 'Directive 2006/112/EC art. 224 and 226(10a); UStG § 14 Abs. 2 Satz 2, Abs. 4 Nr. 10',
    },
  },
  agent: {
    en: {
      code: 'agency',
      text: 'Statement of account for sales on behalf of the seller. What is retained is our commission.',
      source: 'General knowledge: an account of what was sold for another',
    },
    de: {
      code: 'agency',
      text: 'Abrechnung über Verkäufe für Rechnung des Anbieters. Einbehalten ist unsere Provision.',
      source: 'General knowledge: an account of what was sold for another',
    },
  },
};

/** What the statement of a period has to say, once per role that the contract had in it. Moments are ISO 8601. */
export function statementNotes(
  { terms, locale }: Pick<Seller, 'terms' | 'locale'>,
  { from, to }: { readonly from: string; readonly to: string },
): readonly StatementNote[] {
  const held = ({ validFrom, validTo }: SellerTerms) =>
    Date.parse(validFrom) < Date.parse(to) && (validTo === null || Date.parse(validTo) > Date.parse(from));
  return [...new Set(terms.filter(held).map(({ role }) => role))].map((role) => notes[role][locale]);
}

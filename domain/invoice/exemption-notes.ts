import type { Locale } from '../order/order.ts';
import { taxCountryOf } from '../tax/country.ts';
import { euMemberStates } from '../tax/data/eu-vat.ts';
import type { VatCategory } from './vat-category.ts';
import { reverseChargeWording } from './reverse-charge-wording.ts';

export const invoiceNoteCodes = [
  'reverse_charge',
  'intra_community_supply',
  'export',
  'not_subject',
  'exempt',
] as const;

/** Why no tax is charged, as the law wants it written, and the code by which machines read it. */
export interface InvoiceNote {
  readonly code: (typeof invoiceNoteCodes)[number];
  readonly category: VatCategory;
  readonly text: string;
  readonly source: string;
  /** A code of the VATEX list; null where none fits. */
  readonly vatex: string | null;
}

interface NoteRule extends Omit<InvoiceNote, 'category' | 'text'> {
  readonly text: Readonly<Record<Locale, string>>;
}

const rules: Readonly<Partial<Record<VatCategory, NoteRule>>> = {
  K: {
    code: 'intra_community_supply',
    text: { en: 'Intra-Community supply, exempt', de: 'Steuerfreie innergemeinschaftliche Lieferung' },
    source: 'Directive 2006/112/EC art. 138',
    vatex: 'VATEX-EU-IC',
  },
  G: {
    code: 'export',
    text: { en: 'Export outside the EU, exempt', de: 'Steuerfreie Ausfuhrlieferung' },
    source: 'Directive 2006/112/EC art. 146',
    vatex: 'VATEX-EU-G',
  },
  O: {
    code: 'not_subject',
    text: { en: 'Not subject to VAT', de: 'Nicht umsatzsteuerbar' },
    source: 'Directive 2006/112/EC art. 44 and 58: supplied outside the EU',
    vatex: 'VATEX-EU-O',
  },
  E: {
    code: 'exempt',
    text: { en: 'Exempt: no tax charged', de: 'Steuerfrei: keine Steuer berechnet' },
    source: 'Directive 2006/112/EC art. 226(11)',
    vatex: null,
  },
};

/** One note per category of the lines that bears no tax, in the order of the lines. */
export function exemptionNotes(
  categories: readonly VatCategory[],
  customer: { readonly country: string; readonly locale: Locale },
): readonly InvoiceNote[] {
  return [...new Set(categories)].flatMap((category): InvoiceNote[] => {
    if (category === 'AE') return [reverseChargeNote(customer)];
    const rule = rules[category];
    return rule === undefined ? [] : [{ ...rule, category, text: rule.text[customer.locale] }];
  });
}

/** "Reverse charge" in the languages of both parties. Its VATEX code speaks of the directive: inside the Union only. */
export function reverseChargeNote(customer: { readonly country: string; readonly locale: string }): InvoiceNote {
  const { text, source } = reverseChargeWording(customer);
  const inUnion = euMemberStates.includes(taxCountryOf(customer.country));
  return { code: 'reverse_charge', category: 'AE', text, source, vatex: inUnion ? 'VATEX-EU-AE' : null };
}

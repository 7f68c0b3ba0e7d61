import { taxCountryOf } from '../tax/country.ts';
import { euMemberStates } from '../tax/data/eu-vat.ts';
import { rowOn } from '../tax/dated-row.ts';
import { fail } from '../failures.ts';
import { invoiceRules } from './data/invoice-rules.ts';
import type { InvoiceField, InvoiceRuleArea, InvoiceRuleRow, InvoiceTier } from './data/invoice-rules.ts';
import type { InvoiceContent, LegalFrame } from './invoice.ts';
import { stateCurrencyOf } from './state-currency.ts';

/** What the rules read of a document. */
type FramedContent = Pick<
  InvoiceContent,
  | 'issueDate'
  | 'seller'
  | 'buyer'
  | 'customerType'
  | 'currency'
  | 'lines'
  | 'taxes'
  | 'taxesInLocalCurrency'
  | 'gross'
  | 'placeOfSupply'
  | 'reverseCharge'
  | 'notes'
>;

/**
 * What the law of the taxing country (under reverse charge: of the seller's) makes of a document, and what it misses.
 * @throws tax.data_missing when no rule holds on the day of issue
 */
export function legalFrameOf(content: FramedContent): LegalFrame {
  const area = areaOf(content.reverseCharge ? content.seller.country : content.placeOfSupply.country);
  const rows = invoiceRules.filter((rule) => rule.area === area);
  const row = rowOn(rows, content.issueDate) ?? fail('tax.data_missing', `No invoice rule is on file for ${area}`);
  const { title, source } = row;
  if (content.customerType === 'consumer' && row.consumers === 'not_required') {
    return { area, title, form: 'not_required', source, missing: [] };
  }
  const { form, fields } = tierOf(row, content);
  return { area, title, form, source, missing: fields.filter((field) => !present[field](content)) };
}

function areaOf(country: string): InvoiceRuleArea {
  const state = taxCountryOf(country);
  if (euMemberStates.includes(state)) return 'EU';
  return invoiceRules.find(({ area }) => area === state)?.area ?? '*';
}

/** Where the customer accounts for the tax, no total is small enough for fewer fields (art. 220a). */
function tierOf({ tiers, currency }: InvoiceRuleRow, content: FramedContent): InvoiceTier {
  const comparable = content.currency === currency && !content.lines.some(({ category }) => selfAssessed(category));
  const found = tiers.find(({ upTo }) => upTo === null || (comparable && content.gross <= upTo));
  return found ?? fail('tax.data_missing', `The last tier of the invoice rule in ${currency} is not open`);
}

const selfAssessed = (category: FramedContent['lines'][number]['category']): boolean =>
  category === 'AE' || category === 'K';

const present: Readonly<Record<InvoiceField, (content: FramedContent) => boolean>> = {
  'seller.registration': ({ seller, taxes }) =>
    taxes.every(({ jurisdiction, name }) => {
      if (isUnion(jurisdiction) || jurisdiction.startsWith('US')) return seller.taxId !== null;
      return seller.registrations.some((one) => one.jurisdiction === (name === 'HST' ? 'CA' : jurisdiction));
    }),
  'buyer.address': ({ buyer: { address } }) =>
    address.street !== null && address.city !== null && address.postalCode !== null,
  'buyer.taxId': ({ buyer, lines }) => buyer.taxId !== null || !lines.some(({ category }) => selfAssessed(category)),
  'lines.unitNet': ({ lines }) => lines.every(({ unitNet }) => unitNet !== null),
  'notes.exemption': ({ lines, notes }) =>
    lines.every(({ category }) => category === 'S' || category === 'Z' || notes.some((n) => n.category === category)),
  'taxes.stateCurrency': ({ taxes, taxesInLocalCurrency, currency, issueDate }) =>
    taxes.every((tax) => {
      const wanted = stateCurrencyOf(tax.jurisdiction, issueDate);
      if (tax.amount === 0 || wanted === null || wanted === currency) return true;
      return taxesInLocalCurrency.some(({ jurisdiction }) => jurisdiction === tax.jurisdiction);
    }),
};

/** "DE", "PT-20" and "GP" are in the Union, "GB" and "CA-QC" are not. */
function isUnion(jurisdiction: string): boolean {
  return euMemberStates.includes(taxCountryOf(jurisdiction.slice(0, 2)));
}

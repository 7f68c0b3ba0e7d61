import type { InvoiceTitle } from '../../domain/invoice/data/invoice-rules.ts';
import type { CreditReason, RegistrationScheme } from '../../domain/invoice/invoice.ts';
import type { Locale } from '../../domain/order/order.ts';

/** The fixed words on a document. */
export interface InvoiceLabels {
  /** What the law of the taxing country calls the documents. */
  readonly invoice: Readonly<Record<InvoiceTitle, string>>;
  readonly creditNote: Readonly<Record<InvoiceTitle, string>>;
  readonly number: string;
  readonly issueDate: string;
  readonly supplyDate: string;
  readonly order: string;
  readonly currency: string;
  readonly from: string;
  readonly billedTo: string;
  readonly taxId: string;
  readonly registrations: Readonly<Record<RegistrationScheme, string>>;
  readonly placeOfSupply: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitNet: string;
  readonly taxRate: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  readonly taxBase: string;
  readonly taxSummary: string;
  readonly noTax: string;
  readonly localTaxTitle: string;
  readonly exchangeRate: string;
  readonly ratedOn: (date: string, source: string) => string;
  readonly discountIncluded: (amount: string) => string;
  readonly total: string;
  readonly totalCredited: string;
  readonly paid: (date: string) => string;
  readonly paidByStoreCredit: string;
  readonly corrects: (number: string, date: string) => string;
  readonly reason: string;
  readonly reasons: Readonly<Record<CreditReason, string>>;
  readonly page: (page: number, pages: number) => string;
}

export const invoiceLabels: Readonly<Record<Locale, InvoiceLabels>> = {
  en: {
    invoice: { invoice: 'Invoice', tax_invoice: 'Tax invoice', qualified_invoice: 'Qualified invoice' },
    creditNote: {
      invoice: 'Credit note',
      tax_invoice: 'Adjustment note',
      qualified_invoice: 'Qualified return invoice',
    },
    number: 'Number',
    issueDate: 'Date of issue',
    supplyDate: 'Date of supply',
    order: 'Order',
    currency: 'Currency',
    from: 'Seller',
    billedTo: 'Billed to',
    taxId: 'VAT / tax ID',
    registrations: {
      vat: 'VAT registration number',
      abn: 'ABN',
      jct: 'Registration number (JCT)',
      gst_hst: 'GST/HST number',
      qst: 'QST number',
      pst: 'PST number',
    },
    placeOfSupply: 'Place of supply',
    description: 'Description',
    quantity: 'Qty',
    unitNet: 'Unit price, net',
    taxRate: 'Tax rate',
    net: 'Net',
    tax: 'Tax',
    gross: 'Total',
    taxBase: 'Taxable amount',
    taxSummary: 'Tax summary',
    noTax: 'No tax charged',
    localTaxTitle: 'Tax in the currency of the taxing state',
    exchangeRate: 'Exchange rate',
    ratedOn: (date, source) => `Exchange rate of ${date}: ${source}`,
    discountIncluded: (amount) => `after a discount of ${amount}`,
    total: 'Total',
    totalCredited: 'Total credited',
    paid: (date) => `Paid on ${date}. Nothing is left to pay.`,
    paidByStoreCredit: 'Of which paid with store credit',
    corrects: (number, date) =>
      `This credit note corrects invoice ${number} of ${date}. The amounts below are credited.`,
    reason: 'Reason',
    reasons: {
      withdrawal: 'Withdrawal from the contract',
      not_delivered: 'Could not be delivered',
      duplicate: 'Ordered or charged twice',
      fraudulent: 'Payment not made by the cardholder',
      price_adjustment: 'Price adjustment',
      goodwill: 'Goodwill',
      business_tax_id_confirmed: 'Business tax ID confirmed after the sale: tax refunded',
      plan_changed: 'Unused time before a change of plan',
    },
    page: (page, pages) => `Page ${page} of ${pages}`,
  },
  de: {
    invoice: {
      invoice: 'Rechnung',
      tax_invoice: 'Rechnung (Tax invoice)',
      qualified_invoice: 'Qualifizierte Rechnung',
    },
    creditNote: {
      invoice: 'Rechnungskorrektur',
      tax_invoice: 'Rechnungskorrektur (Adjustment note)',
      qualified_invoice: 'Qualifizierte Rechnungskorrektur',
    },
    number: 'Nummer',
    issueDate: 'Ausstellungsdatum',
    supplyDate: 'Leistungsdatum',
    order: 'Bestellung',
    currency: 'Währung',
    from: 'Verkäufer',
    billedTo: 'Rechnungsempfänger',
    taxId: 'USt-IdNr. / Steuernummer',
    registrations: {
      vat: 'Umsatzsteuer-Registrierung',
      abn: 'ABN',
      jct: 'Registriernummer (JCT)',
      gst_hst: 'GST/HST-Nummer',
      qst: 'QST-Nummer',
      pst: 'PST-Nummer',
    },
    placeOfSupply: 'Leistungsort',
    description: 'Bezeichnung',
    quantity: 'Menge',
    unitNet: 'Einzelpreis netto',
    taxRate: 'Steuersatz',
    net: 'Netto',
    tax: 'Steuer',
    gross: 'Gesamt',
    taxBase: 'Bemessungsgrundlage',
    taxSummary: 'Steuerübersicht',
    noTax: 'Keine Steuer berechnet',
    localTaxTitle: 'Steuer in der Währung des besteuernden Staates',
    exchangeRate: 'Wechselkurs',
    ratedOn: (date, source) => `Wechselkurs vom ${date}: ${source}`,
    discountIncluded: (amount) => `nach Abzug von ${amount} Rabatt`,
    total: 'Gesamtbetrag',
    totalCredited: 'Gutgeschriebener Gesamtbetrag',
    paid: (date) => `Bezahlt am ${date}. Es ist kein Betrag mehr offen.`,
    paidByStoreCredit: 'Davon mit Guthaben bezahlt',
    corrects: (number, date) =>
      `Diese Korrektur bezieht sich auf die Rechnung ${number} vom ${date}. Die folgenden Beträge werden gutgeschrieben.`,
    reason: 'Grund',
    reasons: {
      withdrawal: 'Widerruf des Vertrags',
      not_delivered: 'Konnte nicht geliefert werden',
      duplicate: 'Doppelt bestellt oder berechnet',
      fraudulent: 'Zahlung nicht durch den Karteninhaber',
      price_adjustment: 'Preisanpassung',
      goodwill: 'Kulanz',
      business_tax_id_confirmed: 'USt-IdNr. nach dem Kauf bestätigt: Steuer erstattet',
      plan_changed: 'Nicht genutzte Zeit vor einem Tarifwechsel',
    },
    page: (page, pages) => `Seite ${page} von ${pages}`,
  },
};

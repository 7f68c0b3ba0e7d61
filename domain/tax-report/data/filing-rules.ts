import type { DatedRow, Provenance } from '../../tax/dated-row.ts';

/** `oss`: the Union One-Stop Shop; `us`: the sales taxes of the states; `ca`: GST, HST, PST and QST. */
export type TaxScheme = 'oss' | 'us' | 'ca';

/** How a scheme wants its returns. A row holds for periods that begin while it is valid. */
export interface FilingRuleRow extends DatedRow {
  readonly scheme: TaxScheme;
  readonly interval: 'quarter' | 'month';
  /** What the return is in; other currencies are converted at the rate of the last day of the period of supply. */
  readonly currency: string;
  /** Day of the month after the period by which return and payment are due; it does not move for weekends. */
  readonly dueDay: number | 'last';
  /** Whether a credit note corrects the return of the sale, or counts in the period in which it is issued. */
  readonly creditNotes: 'correct_the_sale' | 'count_when_issued';
  /** Years after the due date of a return within which a later return may still correct it; null: no limit on file. */
  readonly correctableYears: number | null;
}

const oneStopShop: Provenance = {
  source:
    'vat-one-stop-shop.ec.europa.eu, record keeping and returns; Directive 2006/112/EC art. 365-369h (nwb.de); ' +
    'HMRC, One Stop Shop returns. That the due date ignores weekends is general knowledge',
  checkedOn: '2026-11-21',
  confidence: 'source',
};

/** States have due dates of their own, and so has Quebec; these are the common ones. Compare before go-live. */
const commonPractice: Provenance = {
  source: 'general knowledge, not yet compared with a source',
  checkedOn: '2026-11-21',
  confidence: 'general_knowledge',
};

const since2020 = { validFrom: '2020-01-01', validTo: null } as const;

export const filingRules: readonly FilingRuleRow[] = [
  {
    scheme: 'oss',
    interval: 'quarter',
    currency: 'EUR',
    dueDay: 'last',
    creditNotes: 'correct_the_sale',
    correctableYears: 3,
    ...since2020,
    ...oneStopShop,
  },
  {
    scheme: 'us',
    interval: 'month',
    currency: 'USD',
    dueDay: 20,
    creditNotes: 'count_when_issued',
    correctableYears: null,
    ...since2020,
    ...commonPractice,
  },
  {
    scheme: 'ca',
    interval: 'quarter',
    currency: 'CAD',
    dueDay: 'last',
    creditNotes: 'count_when_issued',
    correctableYears: null,
    ...since2020,
    ...commonPractice,
  },
];

export const taxSchemes: readonly TaxScheme[] = ['oss', 'us', 'ca'];

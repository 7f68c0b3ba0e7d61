import { taxClasses } from '../../catalog/catalog.ts';
import type { TaxClass } from '../../catalog/catalog.ts';
import type { DatedRow, Provenance } from '../../tax/dated-row.ts';

/** `at_once`: control passes with the delivery. `over_time`: we stand ready for as long as the customer has paid for. */
export type RecognitionMethod = 'at_once' | 'over_time';

/** How a price charges: once, ahead for each period, or afterwards for what was used. */
export type Billing = 'one_off' | 'recurring' | 'metered';

/** When one kind of thing, charged in one way, is earned. */
export interface RecognitionRule extends DatedRow {
  readonly taxClass: TaxClass;
  readonly billing: Billing;
  readonly method: RecognitionMethod;
}

const accountingNotes: Provenance = {
  source: 'cpapilot.com and ikiplan.com on ASC 606 for software (research notes, not compared line by line)',
  checkedOn: '2026-11-21',
  confidence: 'source',
};
const generalKnowledge: Provenance = {
  source: 'general knowledge of ASC 606 / IFRS 15, not yet compared with a source',
  checkedOn: '2026-11-21',
  confidence: 'general_knowledge',
};

const rule = (
  taxClass: TaxClass,
  billing: Billing,
  method: RecognitionMethod,
  provenance: Provenance = generalKnowledge,
): RecognitionRule => ({ taxClass, billing, method, validFrom: '2018-01-01', validTo: null, ...provenance });

/**
 * A one-off price states no period, so there is nothing to spread it over: a right to use (download, perpetual licence),
 * a single service, a parcel. What is handed over anew each time (parcels) is earned with each delivery, also when it is
 * paid for by the month. Usage is charged after it was had. Another method from some date on is a new row; the old one
 * gets its `validTo`.
 */
export const recognitionRules: readonly RecognitionRule[] = [
  rule('saas', 'one_off', 'at_once'),
  rule('software_download', 'one_off', 'at_once', accountingNotes),
  rule('ebook', 'one_off', 'at_once'),
  rule('media_download', 'one_off', 'at_once'),
  rule('streaming', 'one_off', 'at_once'),
  rule('course_live', 'one_off', 'at_once'),
  rule('course_recorded', 'one_off', 'at_once'),
  rule('service', 'one_off', 'at_once'),
  rule('physical', 'one_off', 'at_once', accountingNotes),
  rule('shipping', 'one_off', 'at_once', accountingNotes),
  rule('saas', 'recurring', 'over_time', accountingNotes),
  rule('software_download', 'recurring', 'over_time'),
  rule('ebook', 'recurring', 'over_time'),
  rule('media_download', 'recurring', 'over_time'),
  rule('streaming', 'recurring', 'over_time'),
  rule('course_live', 'recurring', 'over_time'),
  rule('course_recorded', 'recurring', 'over_time'),
  rule('service', 'recurring', 'over_time'),
  rule('physical', 'recurring', 'at_once', accountingNotes),
  rule('shipping', 'recurring', 'at_once', accountingNotes),
  ...taxClasses.map((taxClass) => rule(taxClass, 'metered', 'at_once')),
];

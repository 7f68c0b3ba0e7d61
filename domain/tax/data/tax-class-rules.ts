import type { TaxClass } from '../../catalog/catalog.ts';
import type { DatedRow } from '../dated-row.ts';
import { provenance } from './provenance.ts';

/** How value added taxes see a class: which rate it takes, and whether it is a supply of goods or of services. */
export interface TaxClassRow extends DatedRow {
  readonly taxClass: TaxClass;
  readonly category: 'standard' | 'ebook';
  readonly supply: 'goods' | 'services';
}

const { generalKnowledge } = provenance;
const row = (taxClass: TaxClass, category: TaxClassRow['category'], supply: TaxClassRow['supply']): TaxClassRow => ({
  taxClass,
  category,
  supply,
  validFrom: '2020-01-01',
  validTo: null,
  ...generalKnowledge,
});

export const taxClassRules: readonly TaxClassRow[] = [
  row('saas', 'standard', 'services'),
  row('software_download', 'standard', 'services'),
  row('ebook', 'ebook', 'services'),
  row('media_download', 'standard', 'services'),
  row('streaming', 'standard', 'services'),
  row('course_live', 'standard', 'services'),
  row('course_recorded', 'standard', 'services'),
  row('service', 'standard', 'services'),
  row('physical', 'standard', 'goods'),
  row('shipping', 'standard', 'goods'),
];

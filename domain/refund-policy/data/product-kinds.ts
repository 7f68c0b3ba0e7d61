import type { TaxClass } from '../../catalog/catalog.ts';
import { taxClasses } from '../../catalog/catalog.ts';
import type { DatedRow } from '../../tax/dated-row.ts';
import type { ProductKind } from '../refund-facts.ts';
import { policySources } from './policy-sources.ts';

/** What a tax class is for the law of withdrawal, sold once and sold for a time. */
export interface ProductKindRow extends DatedRow {
  readonly taxClass: TaxClass;
  readonly oneOff: ProductKind;
  readonly recurring: ProductKind;
}

/**
 * In doubt the rules for services apply (Directive (EU) 2019/2161, recital 30), so content that is paid for by time is a
 * digital service: better for the customer, who cannot waive that right by asking for immediate supply.
 */
const kinds: Readonly<Record<TaxClass, readonly [oneOff: ProductKind, recurring: ProductKind]>> = {
  saas: ['digital_service', 'digital_service'],
  software_download: ['digital_content', 'digital_service'],
  ebook: ['digital_content', 'digital_service'],
  media_download: ['digital_content', 'digital_service'],
  streaming: ['digital_content', 'digital_service'],
  course_recorded: ['digital_content', 'digital_service'],
  course_live: ['service', 'service'],
  service: ['service', 'service'],
  physical: ['goods', 'goods'],
  shipping: ['goods', 'goods'],
};

export const productKindRows: readonly ProductKindRow[] = taxClasses.map((taxClass) => {
  const [oneOff, recurring] = kinds[taxClass];
  return { taxClass, oneOff, recurring, validFrom: '2014-06-13', validTo: null, ...policySources.generalKnowledge };
});

import type { DatedRow } from '../../tax/dated-row.ts';
import type { Market } from './markets.ts';
import { cited, ourRefundPolicy, policySources } from './policy-sources.ts';
import type { Localized } from './policy-sources.ts';

/** For how long after supply the customer may claim that something is not as it was sold; null: a reasonable time. */
export interface FaultRule extends DatedRow {
  /** null: where the market has no row, and for businesses: our own policy. */
  readonly market: Market | null;
  readonly law: Localized;
  readonly months: number | null;
}

const { australia, newZealand, generalKnowledge, ourPolicy } = policySources;

/** A fault has to be looked at, so these decide who looks and until when, never the refund itself. */
export const faultRules: readonly FaultRule[] = [
  {
    market: 'eu',
    law: cited('Directives (EU) 2019/770, 2019/771', 'Richtlinien (EU) 2019/770, 2019/771'),
    months: 24,
    validFrom: '2022-01-01',
    validTo: null,
    ...generalKnowledge,
  },
  {
    market: 'uk',
    law: cited('Consumer Rights Act 2015; Limitation Act 1980'),
    months: 72,
    validFrom: '2015-10-01',
    validTo: null,
    ...generalKnowledge,
  },
  {
    market: 'au',
    law: cited('Australian Consumer Law (Competition and Consumer Act 2010, schedule 2)'),
    months: null,
    validFrom: '2011-01-01',
    validTo: null,
    ...australia,
  },
  {
    market: 'nz',
    law: cited('Consumer Guarantees Act 1993 (New Zealand)'),
    months: null,
    validFrom: '1994-04-01',
    validTo: null,
    ...newZealand,
  },
  { market: null, law: ourRefundPolicy, months: 24, validFrom: '2020-01-01', validTo: null, ...ourPolicy },
];

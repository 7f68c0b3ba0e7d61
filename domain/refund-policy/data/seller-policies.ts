import { defaultSellerId } from '../../catalog/catalog.ts';
import type { DatedRow } from '../../tax/dated-row.ts';
import type { ProductKind } from '../refund-facts.ts';
import { policySources } from './policy-sources.ts';
import type { GivenBack, PeriodRule } from './withdrawal-rules.ts';

/** What a seller gives of its own accord, to everybody: it counts where it is better for the customer than the law. */
export interface SellerPolicy extends DatedRow {
  /** Permanent. */
  readonly id: string;
  /** Sellers without rows of their own have those of the default seller. */
  readonly sellerId: string;
  readonly kind: ProductKind;
  readonly period: PeriodRule;
  /** `unused`: only while the customer surely has not used it (of a service: while it has not begun). */
  readonly when: 'always' | 'unused';
  readonly back: GivenBack;
}

type Own = Pick<SellerPolicy, 'kind' | 'when' | 'back'>;

const fortnight: PeriodRule = { days: 14, from: 'contract', firstDay: 'next', restDays: 'count' };
const own = ({ kind, ...given }: Own, period: PeriodRule = fortnight): SellerPolicy => ({
  id: `own.${kind}`,
  sellerId: defaultSellerId,
  ...{ kind, period },
  ...given,
  validFrom: '2020-01-01',
  validTo: null,
  ...policySources.ourPolicy,
});

export const sellerPolicies: readonly SellerPolicy[] = [
  own({ kind: 'digital_content', when: 'unused', back: 'full' }),
  own({ kind: 'digital_service', when: 'always', back: 'pro_rata' }),
  own({ kind: 'service', when: 'unused', back: 'full' }),
  own({ kind: 'goods', when: 'always', back: 'full_on_return' }, { ...fortnight, from: 'receipt' }),
];

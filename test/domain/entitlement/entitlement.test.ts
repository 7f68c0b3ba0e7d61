import { describe, expect, it } from '@jest/globals';
import { accessAt } from '../../../domain/entitlement/entitlement.ts';
import type { AccessChange, AccessGrant } from '../../../domain/entitlement/entitlement.ts';

const three: readonly AccessGrant[] = [{ fact: 'order/o/line/1/license', units: 3 }];
const revoked = (fact: string, units: number | null): AccessChange => ({
  ...{ kind: 'revoked', fact, units, reason: 'refunded' },
});
const suspended = (fact: string): AccessChange => ({ kind: 'suspended', fact, reason: 'unpaid' });
const restored = (fact: string): AccessChange => ({ kind: 'restored', fact });

describe('access', () => {
  it.each<[string, readonly AccessGrant[], readonly AccessChange[], unknown]>([
    ['is none before anything is given', [], [], { state: 'none' }],
    ['is what was given', three, [], { state: 'active', units: 3 }],
    ['counts a repeated grant once', [...three, ...three], [], { state: 'active', units: 3 }],
    ['ends with a full refund', three, [revoked('refund/a', null)], { state: 'revoked' }],
    ['keeps what a refund of units leaves', three, [revoked('refund/a', 1)], { state: 'active', units: 2 }],
    [
      'counts a repeated refund once',
      three,
      [revoked('refund/a', 1), revoked('refund/a', 1)],
      { state: 'active', units: 2 },
    ],
    ['adds up refunds', three, [revoked('refund/a', 1), revoked('refund/b', 1)], { state: 'active', units: 1 }],
    [
      'ends when refunds of units took the last',
      three,
      [revoked('refund/a', 2), revoked('refund/b', 1)],
      { state: 'revoked' },
    ],
    [
      'is not given again by a restoration',
      three,
      [revoked('refund/a', null), restored('refund/a')],
      { state: 'revoked' },
    ],
    ['is interrupted while a payment is missing', three, [suspended('unpaid/1')], { state: 'suspended', units: 3 }],
    ['comes back as it was', three, [suspended('unpaid/1'), restored('unpaid/1')], { state: 'active', units: 3 }],
    [
      'stays suspended while another reason stands',
      three,
      [suspended('unpaid/1'), suspended('pause/1'), restored('unpaid/1')],
      { state: 'suspended', units: 3 },
    ],
    [
      'comes back without what was refunded meanwhile',
      three,
      [suspended('unpaid/1'), revoked('refund/a', 1), restored('unpaid/1')],
      { state: 'active', units: 2 },
    ],
    [
      'is not suspended by a suspension that was lifted before it became known',
      three,
      [restored('unpaid/1'), suspended('unpaid/1')],
      { state: 'active', units: 3 },
    ],
  ])('%s', (_, grants, changes, expected) => {
    expect(accessAt(grants, changes)).toEqual(expected);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import {
  catalogIdSchema,
  couponInputSchema,
  fileNameSchema,
  priceInputSchema,
  productInputSchema,
} from '../../../services/catalog/catalog-schemas.ts';

function problemPaths(schema: z.ZodType, input: unknown): string[] {
  const parsed = schema.safeParse(input);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
}

const product = { name: 'Editor', taxClass: 'software_download', delivery: [{ method: 'license' }] };
const price = { product: 'editor', currency: 'EUR', taxBehavior: 'inclusive', scheme: { type: 'flat', amount: 11900 } };

describe('the body of PUT /products', () => {
  it('fills what is absent', () => {
    const delivery = [{ method: 'license' }, { method: 'account' }, { method: 'download', file: 'editor.zip' }];
    expect(productInputSchema.parse({ ...product, delivery })).toEqual({
      name: 'Editor',
      taxClass: 'software_download',
      delivery: [
        { method: 'license', pool: null },
        { method: 'account', host: 'default', plan: null },
        { method: 'download', file: 'editor.zip' },
      ],
      components: [],
      seller: null,
    });
  });

  it.each<[string, object, string]>([
    ['an unknown field', { ...product, colour: 'red' }, ''],
    ['an unknown tax class', { ...product, taxClass: 'beer' }, 'taxClass'],
    ['an empty name', { ...product, name: ' ' }, 'name'],
    ['an unknown delivery method', { ...product, delivery: [{ method: 'pigeon' }] }, 'delivery.0.method'],
    ['a download without a file', { ...product, delivery: [{ method: 'download' }] }, 'delivery.0.file'],
    ['a path as file', { ...product, delivery: [{ method: 'download', file: '../etc/passwd' }] }, 'delivery.0.file'],
    [
      'two licences',
      { ...product, delivery: [{ method: 'license' }, { method: 'license', pool: [] }] },
      'delivery.1.method',
    ],
    ['a component of quantity 0', { ...product, components: [{ product: 'a', quantity: 0 }] }, 'components.0.quantity'],
  ])('is refused with %s', (_, body, path) => {
    expect(problemPaths(productInputSchema, body)).toEqual([path]);
  });
});

describe('the body of PUT /prices', () => {
  it('fills what is absent', () => {
    const tiers = [
      { upTo: 10, unitAmount: 100 },
      { upTo: null, unitAmount: 80, flatAmount: 5 },
    ];
    const body = { ...price, scheme: { type: 'graduated', tiers }, recurring: { interval: 'month', count: 1 } };
    expect(priceInputSchema.parse(body)).toEqual({
      ...price,
      currencyOptions: {},
      scheme: {
        type: 'graduated',
        tiers: [
          { upTo: 10, unitAmount: 100, flatAmount: 0 },
          { upTo: null, unitAmount: 80, flatAmount: 5 },
        ],
      },
      recurring: { interval: 'month', count: 1, usage: 'licensed', meter: null },
    });
    expect(priceInputSchema.parse(price).recurring).toBeNull();
  });

  const tiered = (...tiers: object[]) => ({ ...price, scheme: { type: 'volume', tiers } });
  it.each<[string, object, string]>([
    ['a lower-case currency', { ...price, currency: 'eur' }, 'currency'],
    ['a currency that does not exist', { ...price, currency: 'XYZ' }, 'currency'],
    ['a fraction of a cent', { ...price, scheme: { type: 'flat', amount: 1.5 } }, 'scheme.amount'],
    ['an amount beyond the safe integers', { ...price, scheme: { type: 'flat', amount: 2 ** 53 } }, 'scheme.amount'],
    ['a negative amount', { ...price, scheme: { type: 'per_unit', amount: -1 } }, 'scheme.amount'],
    ['a closed last tier', tiered({ upTo: 10, unitAmount: 1 }), 'scheme.tiers.0.upTo'],
    [
      'falling tiers',
      tiered({ upTo: 9, unitAmount: 1 }, { upTo: 8, unitAmount: 1 }, { upTo: null, unitAmount: 1 }),
      'scheme.tiers.1.upTo',
    ],
    ['no tiers', tiered(), 'scheme.tiers'],
    [
      'a meter-less metered price',
      { ...price, recurring: { interval: 'day', count: 1, usage: 'metered' } },
      'recurring.meter',
    ],
    [
      'usage that comes with a metered price',
      {
        ...price,
        recurring: {
          ...{ interval: 'month', count: 1, usage: 'metered', meter: 'calls' },
          includes: { meter: 'calls', quantity: 10 },
        },
      },
      'recurring.includes',
    ],
    [
      'an allowance of nothing',
      { ...price, recurring: { interval: 'month', count: 1, includes: { meter: 'calls', quantity: 0 } } },
      'recurring.includes.quantity',
    ],
    ['a package of nothing', { ...price, scheme: { type: 'package', size: 0, amount: 1 } }, 'scheme.size'],
  ])('is refused with %s', (_, body, path) => {
    expect(problemPaths(priceInputSchema, body)).toEqual([path]);
  });
});

describe('the body of PUT /coupons', () => {
  it('becomes a percent or an amount coupon', () => {
    expect(couponInputSchema.parse({ percentOff: '12.5', duration: 'repeating', periods: 3 })).toEqual({
      discount: { type: 'percent', percentOff: '12.5' },
      duration: 'repeating',
      periods: 3,
      maxRedemptions: null,
      validUntil: null,
      products: null,
    });
    const body = { amountOff: 500, currency: 'EUR', duration: 'once', validUntil: '2027-01-31T10:00:00+01:00' };
    expect(couponInputSchema.parse(body)).toMatchObject({
      discount: { type: 'amount', amountOff: 500, currency: 'EUR' },
      validUntil: '2027-01-31T09:00:00.000Z',
    });
  });

  it.each<[string, object, string]>([
    ['neither kind of discount', { duration: 'once' }, 'percentOff'],
    ['both kinds', { percentOff: '5', amountOff: 5, duration: 'once' }, 'amountOff'],
    ['an amount without currency', { amountOff: 5, duration: 'once' }, 'currency'],
    ['a percentage with currency', { percentOff: '5', currency: 'EUR', duration: 'once' }, 'currency'],
    ['more than everything', { percentOff: '101', duration: 'once' }, 'percentOff'],
    ['a number as percentage', { percentOff: 10, duration: 'once' }, 'percentOff'],
    ['repeating without periods', { percentOff: '5', duration: 'repeating' }, 'periods'],
    ['once with periods', { percentOff: '5', duration: 'once', periods: 2 }, 'periods'],
    ['a local time', { percentOff: '5', duration: 'once', validUntil: '2027-01-31T10:00:00' }, 'validUntil'],
  ])('is refused with %s', (_, body, path) => {
    expect(problemPaths(couponInputSchema, body)).toEqual([path]);
  });
});

describe('names', () => {
  it('takes plain ids and file names and nothing else', () => {
    for (const id of ['a', 'price_1-B', 'x'.repeat(64)]) expect(catalogIdSchema.safeParse(id).success).toBe(true);
    for (const id of ['', 'a b', 'ä', 'a.b', 'x'.repeat(65)]) expect(catalogIdSchema.safeParse(id).success).toBe(false);
    for (const name of ['a.pdf', 'Über uns (v2).pdf', 'x_1-2.tar.gz'])
      expect(fileNameSchema.safeParse(name).success).toBe(true);
    for (const name of ['', '.env', '..', 'a/b', 'a\\b', 'a\nb', 'a"b'])
      expect(fileNameSchema.safeParse(name).success).toBe(false);
  });
});

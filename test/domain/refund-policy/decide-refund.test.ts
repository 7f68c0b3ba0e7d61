import { describe, expect, it } from '@jest/globals';
import { taxClasses } from '../../../domain/catalog/catalog.ts';
import { decideLines } from '../../../domain/refund-policy/decide-lines.ts';
import { decideRefund } from '../../../domain/refund-policy/decide-refund.ts';
import { grantedParts } from '../../../domain/refund-policy/granted-parts.ts';
import { productKindOf, refundFactsOf } from '../../../domain/refund-policy/order-facts.ts';
import { factsOf } from './refund-facts.ts';

const both = { immediateDelivery: true, withdrawalWaiver: true };
const supplied = '2026-11-02T09:00:05.000Z';
const confirmed = '2026-11-02T09:00:06.000Z';

describe('digital content in the EU and the UK', () => {
  // Every combination of consent, acknowledgement, confirmation and supply: only all four together end the right.
  const combinations = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((bits) => ({
    immediateDelivery: (bits & 1) !== 0,
    withdrawalWaiver: (bits & 2) !== 0,
    confirmationSentAt: (bits & 4) === 0 ? null : confirmed,
    suppliedAt: (bits & 8) === 0 ? null : supplied,
  }));
  it.each(['DE', 'GB'])(
    'is refunded in %s unless consent, acknowledgement, confirmation and supply all happened',
    (country) => {
      const refused = combinations.filter(({ immediateDelivery, withdrawalWaiver, ...rest }) => {
        const consents = { immediateDelivery, withdrawalWaiver };
        return decideRefund(factsOf({ ...rest, consents, use: 'begun' }, { country })).kind === 'refused';
      });
      expect(refused).toEqual([combinations[15]]);
    },
  );

  it('is refunded when the confirmation left only after the statement', () => {
    const facts = factsOf({ consents: both, confirmationSentAt: '2026-11-05T12:00:01.000Z', use: 'begun' });
    expect(decideRefund(facts)).toMatchObject({ kind: 'granted', rule: 'eu.withdrawal.digital_content' });
  });

  it('says which rule, when it was confirmed, and that a person can be asked', () => {
    const decision = decideRefund(factsOf({ consents: both }));
    expect(decision).toMatchObject({
      kind: 'refused',
      rule: 'eu.withdrawal.digital_content.waived',
      source: 'Directive 2011/83/EU, art. 9, 13, 14(4)(b), 16(m)',
      refundable: { kind: 'none' },
      appealable: true,
    });
    for (const part of ['2 November 2026', '16(m)', 'a person will look at it'])
      expect(decision.explanation.en).toContain(part);
    for (const part of ['2. November 2026', 'Richtlinie 2011/83/EU', 'Ein Mensch sieht es sich an'])
      expect(decision.explanation.de).toContain(part);
  });

  it('costs nothing for its use when the right was not waived', () => {
    expect(decideRefund(factsOf({ use: 'begun' })).refundable).toEqual({ kind: 'full' });
  });

  it('goes back by our own policy, waived or not, while it is surely unused', () => {
    expect(decideRefund(factsOf({ consents: both, use: 'none' }))).toMatchObject({
      kind: 'granted',
      rule: 'own.digital_content',
      refundable: { kind: 'full' },
    });
    expect(decideRefund(factsOf({ consents: both, use: 'unknown' })).kind).toBe('refused');
  });
});

describe('a digital service in the EU', () => {
  const period = { start: '2026-11-02T09:00:00.000Z', end: '2026-11-12T09:00:00.000Z' };
  const service = { kind: 'digital_service', period } as const;

  it('is paid for the time until the withdrawal when it was to start at once', () => {
    const decision = decideRefund(factsOf({ ...service, requestedAt: '2026-11-04T21:00:00.000Z' }));
    expect(decision.refundable).toEqual({ kind: 'pro_rata', unused: 648_000, whole: 864_000 });
  });

  it.each([
    ['nobody asked for an early start', { consents: { immediateDelivery: false, withdrawalWaiver: false } }],
    ['the customer was not told of the right', { informed: false }],
    ['it has not begun', { suppliedAt: null }],
    ['it was sold for no limited time', { period: null }],
  ])('goes back in full when %s', (_name, changes) => {
    expect(decideRefund(factsOf({ ...service, ...changes }))).toMatchObject({
      kind: 'granted',
      refundable: { kind: 'full' },
    });
  });

  it('is refused when the time that was paid for is over', () => {
    const decision = decideRefund(factsOf({ ...service, requestedAt: '2026-11-13T09:00:00.000Z' }));
    expect(decision).toMatchObject({ kind: 'refused', rule: 'eu.withdrawal.digital_service.used_up' });
  });

  it('is not ended by a waiver, which is for content only', () => {
    expect(decideRefund(factsOf({ ...service, consents: both })).kind).toBe('granted');
  });

  it('has no new right at a renewal: the period runs from the beginning of the contract', () => {
    const renewed = { start: '2026-12-02T09:00:00.000Z', end: '2027-01-02T09:00:00.000Z' };
    const decision = decideRefund(factsOf({ ...service, period: renewed, requestedAt: '2026-12-03T09:00:00.000Z' }));
    expect(decision).toMatchObject({ kind: 'refused', rule: 'eu.withdrawal.digital_service.expired' });
  });
});

describe('work by people', () => {
  it('goes to a person once it has begun, who says which part is done', () => {
    const decision = decideRefund(factsOf({ kind: 'service' }));
    expect(decision).toMatchObject({ kind: 'needs_person', rule: 'eu.withdrawal.service.share_of_work' });
  });

  it('is refused when it was wholly performed with consent and acknowledgement, and only then', () => {
    const performed = { kind: 'service', performedAt: '2026-11-04T09:00:00.000Z' } as const;
    expect(decideRefund(factsOf({ ...performed, consents: both })).rule).toBe('eu.withdrawal.service.performed');
    expect(decideRefund(factsOf(performed)).kind).toBe('needs_person');
  });
});

describe('other markets', () => {
  it('lose the right with the supply in Türkiye and China, whatever was said', () => {
    for (const country of ['TR', 'CN']) {
      const rule = `${country.toLowerCase()}.withdrawal.digital_content.supply_began`;
      expect(decideRefund(factsOf({}, { country }))).toMatchObject({ kind: 'refused', rule });
    }
  });

  it('keep it in Brazil and South Korea although it was used and waived', () => {
    for (const country of ['BR', 'KR'])
      expect(decideRefund(factsOf({ consents: both, use: 'begun' }, { country })).refundable).toEqual({ kind: 'full' });
  });

  it('tell a refused customer what the law says and what our own policy says', () => {
    const { explanation } = decideRefund(factsOf({ use: 'begun' }, { country: 'AU' }));
    expect(explanation.en).toContain('Australian Consumer Law');
    expect(explanation.en).toContain('Our own refund policy is for what has not been used.');
  });
});

describe('a business', () => {
  it('has our policy and no right of withdrawal', () => {
    const buyer = { type: 'business' } as const;
    expect(decideRefund(factsOf({}, buyer))).toMatchObject({ kind: 'refused', rule: 'business.no_right' });
    expect(decideRefund(factsOf({ use: 'none' }, buyer)).rule).toBe('own.digital_content');
  });
});

describe('what was not delivered', () => {
  it('goes back in full, also when it is called faulty', () => {
    for (const ground of ['not_delivered', 'faulty'] as const)
      expect(decideRefund(factsOf({ ground, suppliedAt: null }))).toMatchObject({
        kind: 'granted',
        rule: 'own.not_delivered',
      });
  });

  it('goes to a person when our records say that it was', () => {
    expect(decideRefund(factsOf({ ground: 'not_delivered' })).kind).toBe('needs_person');
  });
});

describe('several lines', () => {
  const period = { start: '2026-11-02T09:00:00.000Z', end: '2026-11-12T09:00:00.000Z' };
  const content = { line: '1', product: 'Handbook', facts: factsOf({ consents: both }) };
  const service = {
    line: '2',
    product: 'Team workspace',
    facts: factsOf({ kind: 'digital_service', period, requestedAt: '2026-11-04T21:00:00.000Z' }),
  };
  const work = { line: '3', product: 'Set-up', facts: factsOf({ kind: 'service' }) };

  it('are decided one by one, and say for which product they say what', () => {
    const verdict = decideLines([content, service]);
    expect(verdict).toMatchObject({ kind: 'granted', rule: 'eu.withdrawal.digital_service' });
    expect(verdict.lines.map(({ decision }) => decision.kind)).toEqual(['refused', 'granted']);
    expect(verdict.explanation.en).toMatch(/^Handbook: You asked .*\nTeam workspace: You may withdraw/);
  });

  it('say one text once, and go to a person when one of them does', () => {
    expect(decideLines([content, { ...content, line: '4' }]).explanation.en).not.toContain('Handbook');
    expect(decideLines([content, service, work]).kind).toBe('needs_person');
  });

  it('are at least one', () => {
    expect(() => decideLines([])).toThrow('lines: a refund is decided for at least one line');
  });

  it('give back what is granted, and nothing twice', () => {
    const { lines } = decideLines([content, service]);
    const sold = [
      { line: '1', gross: 1_190 },
      { line: '2', gross: 1_000 },
    ];
    const parts = (gross: number) => [
      { line: '1', quantity: 1, gross: 1_190 },
      { line: '2', quantity: 1, gross },
    ];
    expect(grantedParts(parts(1_000), lines, sold)).toEqual([{ line: '2', quantity: 1, gross: 750 }]);
    expect(grantedParts(parts(600), lines, sold)).toEqual([{ line: '2', quantity: 1, gross: 600 }]);
  });
});

describe('the facts of an order', () => {
  it('say of every tax class what it is', () => {
    const kinds = taxClasses.map((taxClass) => [
      taxClass,
      productKindOf({ taxClass, recurring: null, delivery: [] }, '2026-11-02'),
    ]);
    expect(Object.fromEntries(kinds)).toEqual({
      saas: 'digital_service',
      software_download: 'digital_content',
      ebook: 'digital_content',
      media_download: 'digital_content',
      streaming: 'digital_content',
      course_live: 'service',
      course_recorded: 'digital_content',
      service: 'service',
      physical: 'goods',
      shipping: 'goods',
    });
  });

  it('take content that is paid for by time as a service, and what comes in a parcel as goods', () => {
    const recurring = { interval: 'month', count: 1, usage: 'licensed', meter: null } as const;
    const ebook = { taxClass: 'ebook', delivery: [] } as const;
    expect(productKindOf({ ...ebook, recurring }, '2026-11-02')).toBe('digital_service');
    expect(productKindOf({ ...ebook, recurring: null, delivery: [{ method: 'parcel' }] }, '2026-11-02')).toBe('goods');
  });

  it('come from the order, its line and their history', () => {
    const { buyer, sellerId, kind, consents, ...history } = factsOf();
    const { type, country, region, timeZone } = buyer;
    const customer = { ...emptyCustomer, type, country, region };
    const line = { taxClass: 'software_download', recurring: null, delivery: [], sellerId } as const;
    expect(refundFactsOf({ customer, consents }, line, { ...history, timeZone })).toEqual({
      ...history,
      ...{ buyer, sellerId, kind, consents },
    });
  });
});

const emptyCustomer = {
  id: null,
  email: 'ada@example.com',
  name: 'Ada Example',
  locale: 'en',
  postalCode: null,
  street: null,
  city: null,
  businessTaxId: null,
  ipCountry: null,
  cardCountry: null,
} as const;

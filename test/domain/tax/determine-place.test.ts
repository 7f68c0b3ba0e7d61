import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../../domain/failures.ts';
import { determinePlaceOfSupply } from '../../../domain/tax/determine-place.ts';
import type { PlaceEvidence } from '../../../domain/tax/determine-place.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const customer = (values: Partial<PlaceEvidence> = {}): PlaceEvidence => ({
  country: 'DE',
  region: null,
  postalCode: null,
  type: 'consumer',
  businessTaxId: null,
  ipCountry: null,
  cardCountry: null,
  ...values,
});

const failureOf = (values: Partial<PlaceEvidence>) => {
  try {
    return determinePlaceOfSupply(customer(values)).kind;
  } catch (error) {
    return error instanceof Failure ? { code: error.code, path: error.problems[0]?.path } : error;
  }
};

describe('the place of supply', () => {
  it('is the billing country when nothing else is known, and says that it rests on one item', () => {
    expect(determinePlaceOfSupply(customer())).toEqual({
      kind: 'determined',
      basis: 'one_item',
      place: { country: 'DE', region: null, postalCode: null, evidence: [{ kind: 'billing_address', country: 'DE' }] },
    });
  });

  it('is where two items of different kinds agree, and the contradicting one stays on file', () => {
    expect(determinePlaceOfSupply(customer({ postalCode: '10115', ipCountry: 'FR', cardCountry: 'DE' }))).toEqual({
      kind: 'determined',
      basis: 'two_items',
      place: {
        country: 'DE',
        region: null,
        postalCode: '10115',
        evidence: [
          { kind: 'billing_address', country: 'DE' },
          { kind: 'ip_address', country: 'FR' },
          { kind: 'card_issuer', country: 'DE' },
        ],
      },
    });
  });

  it('is not the billing country when the other two items agree against it, and drops its postal code and region', () => {
    const decided = determinePlaceOfSupply(
      customer({ region: 'BE', postalCode: '10115', ipCountry: 'FR', cardCountry: 'FR' }),
    );
    expect(decided).toMatchObject({ kind: 'determined', place: { country: 'FR', region: null, postalCode: null } });
  });

  it('is a question when two items contradict each other, and the question names them', () => {
    expect(determinePlaceOfSupply(customer({ ipCountry: 'FR' }))).toEqual({
      kind: 'question',
      evidence: [
        { kind: 'billing_address', country: 'DE' },
        { kind: 'ip_address', country: 'FR' },
      ],
      question:
        'In which country do you live? The billing address says DE, the internet connection says FR. Please confirm the country and correct the billing address, or name a payment card issued there.',
    });
  });

  it('is a question when all three differ', () => {
    expect(determinePlaceOfSupply(customer({ ipCountry: 'FR', cardCountry: 'IT' })).kind).toBe('question');
  });

  it('counts the country of a confirmed business tax id and of no other', () => {
    const values = { type: 'business', businessTaxId: 'FR40303265045', country: 'FR', ipCountry: 'DE' } as const;
    expect(failureOf(values)).toBe('question');
    expect(failureOf({ ...values, businessTaxIdStatus: 'unknown' })).toBe('question');
    expect(determinePlaceOfSupply(customer({ ...values, businessTaxIdStatus: 'confirmed' }))).toMatchObject({
      kind: 'determined',
      place: { country: 'FR' },
    });
  });

  it('does not count the tax id that a consumer names', () => {
    const values = { country: 'FR', businessTaxId: 'FR40303265045', businessTaxIdStatus: 'confirmed' } as const;
    expect(failureOf({ ...values, ipCountry: 'DE' })).toBe('question');
    expect(failureOf({ type: 'business', businessTaxIdStatus: 'confirmed', ipCountry: 'FR' })).toBe('question');
    expect(determinePlaceOfSupply(customer(values))).toMatchObject({
      basis: 'one_item',
      place: { evidence: [{ kind: 'billing_address', country: 'FR' }] },
    });
  });

  it('is a question when two items stand against two', () => {
    const values = { type: 'business', businessTaxId: 'FR40303265045', businessTaxIdStatus: 'confirmed' } as const;
    expect(failureOf({ ...values, ipCountry: 'FR', cardCountry: 'DE' })).toBe('question');
  });

  it.each([
    ['the billing address', { ipCountry: 'FR', declaredCountry: 'DE' }, 'DE'],
    ['the connection', { ipCountry: 'FR', declaredCountry: 'FR' }, 'FR'],
    ['one of three', { ipCountry: 'FR', cardCountry: 'IT', declaredCountry: 'IT' }, 'IT'],
  ])('is settled by what the customer declares together with %s', (_, values, country) => {
    expect(determinePlaceOfSupply(customer(values))).toMatchObject({
      kind: 'determined',
      basis: 'two_items',
      place: { country },
    });
  });

  it('keeps what was declared and what contradicts it', () => {
    expect(determinePlaceOfSupply(customer({ ipCountry: 'FR', declaredCountry: 'FR' }))).toMatchObject({
      place: {
        evidence: [
          { kind: 'billing_address', country: 'DE' },
          { kind: 'ip_address', country: 'FR' },
          { kind: 'declaration', country: 'FR' },
        ],
      },
    });
  });

  it.each([
    ['names a country that nothing else names', { ipCountry: 'FR', declaredCountry: 'IT' }],
    ['contradicts the billing address and nothing else is known', { declaredCountry: 'FR' }],
    ['makes it two against two', { ipCountry: 'FR', cardCountry: 'FR', declaredCountry: 'DE' }],
  ])('stays a question when the declaration %s', (_, values) => {
    expect(failureOf(values)).toBe('question');
  });

  it('rests on one item when the customer says its own address twice', () => {
    expect(determinePlaceOfSupply(customer({ declaredCountry: 'DE' }))).toMatchObject({ basis: 'one_item' });
    expect(determinePlaceOfSupply(customer({ country: 'MC', declaredCountry: 'FR' }))).toMatchObject({
      basis: 'one_item',
      place: { country: 'MC' },
    });
    expect(determinePlaceOfSupply(customer({ ipCountry: 'DE' }))).toMatchObject({ basis: 'two_items' });
  });

  it('takes two facts of one class for one item: the card and the account of one bank', () => {
    const bank = { kind: 'bank_account', country: 'FR' } as const;
    expect(failureOf({ cardCountry: 'FR', evidence: [bank] })).toBe('question');
    const sim = { kind: 'sim_card', country: 'FR' } as const;
    expect(determinePlaceOfSupply(customer({ cardCountry: 'FR', evidence: [bank, sim] }))).toMatchObject({
      kind: 'determined',
      place: { country: 'FR' },
    });
    const same = [sim, { kind: 'landline', country: 'FR' }, { kind: 'shipping_address', country: 'FR' }] as const;
    for (const one of same) expect(failureOf({ ipCountry: 'FR', evidence: [one] })).toBe('determined');
  });

  it('asks with every item by name, and for a card only where none was given', () => {
    const decided = determinePlaceOfSupply(
      customer({
        cardCountry: 'FR',
        declaredCountry: 'AT',
        type: 'business',
        businessTaxId: 'NL004495445B01',
        businessTaxIdStatus: 'confirmed',
        evidence: [
          { kind: 'bank_account', country: 'IT' },
          { kind: 'sim_card', country: 'ES' },
          { kind: 'landline', country: 'PT' },
          { kind: 'shipping_address', country: 'SE' },
        ],
      }),
    );
    expect(decided).toMatchObject({
      kind: 'question',
      question:
        'In which country do you live? The billing address says DE, the payment card says FR, the bank account says IT, the SIM card says ES, the telephone line says PT, the shipping address says SE, the business tax id says NL, your answer says AT. Please confirm the country and pay with a card issued there, or correct the billing address.',
    });
  });

  it('takes Monaco and France for one tax area, and keeps the billing code', () => {
    expect(determinePlaceOfSupply(customer({ country: 'MC', ipCountry: 'FR' }))).toMatchObject({
      kind: 'determined',
      place: { country: 'MC' },
    });
  });

  it.each(['TX', 'tx', 'US-TX'])('reads the region "%s" as TX', (region) => {
    expect(determinePlaceOfSupply(customer({ country: 'US', region }))).toMatchObject({ place: { region: 'TX' } });
  });

  it.each([
    [{ country: 'US' }, 'tax.region_required', 'customer.region'],
    [{ country: 'CA', region: 'TX' }, 'tax.region_required', 'customer.region'],
    [{ country: 'DE', ipCountry: 'US', cardCountry: 'US' }, 'tax.region_required', 'customer.region'],
    [{ country: 'XX' }, 'request.invalid', 'customer.country'],
    [{ country: 'EL' }, 'request.invalid', 'customer.country'],
    [{ ipCountry: 'T1' }, 'request.invalid', 'customer.ipCountry'],
    [{ cardCountry: 'DEU' }, 'request.invalid', 'customer.cardCountry'],
    [{ declaredCountry: 'UK' }, 'request.invalid', 'customer.declaredCountry'],
    [
      { evidence: [{ kind: 'sim_card', country: 'DE' } as const, { kind: 'landline', country: '49' } as const] },
      'request.invalid',
      'customer.evidence[1].country',
    ],
  ])('refuses %j with %s at %s', (values, code, path) => {
    expect(failureOf(values)).toEqual({ code, path });
  });

  it('keeps every item that was seen, whatever they say', () => {
    const country = fc.constantFrom('DE', 'FR', 'IT', 'MC', 'GB', 'IM');
    const seen = fc.option(country, { nil: null });
    fc.assert(
      fc.property(country, seen, seen, (billing, ipCountry, cardCountry) => {
        const decided = determinePlaceOfSupply(customer({ country: billing, ipCountry, cardCountry }));
        const evidence = decided.kind === 'determined' ? decided.place.evidence : decided.evidence;
        const given = [billing, ipCountry, cardCountry].filter((one) => one !== null);
        expect(evidence.map((item) => item.country)).toEqual(given);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

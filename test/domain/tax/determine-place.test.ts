import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../../domain/failures.ts';
import { determinePlaceOfSupply } from '../../../domain/tax/determine-place.ts';
import type { PlaceEvidence } from '../../../domain/tax/determine-place.ts';

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

  it('is unclear when two items contradict each other, and the question names them', () => {
    expect(determinePlaceOfSupply(customer({ ipCountry: 'FR' }))).toEqual({
      kind: 'unclear',
      evidence: [
        { kind: 'billing_address', country: 'DE' },
        { kind: 'ip_address', country: 'FR' },
      ],
      question:
        'In which country do you live? The billing address says DE, the internet connection says FR. Please confirm the country and correct the billing address, or name a payment card issued there.',
    });
  });

  it('is unclear when all three differ', () => {
    expect(determinePlaceOfSupply(customer({ ipCountry: 'FR', cardCountry: 'IT' })).kind).toBe('unclear');
  });

  it('counts the country of a confirmed business tax id and of no other', () => {
    const values = { type: 'business', businessTaxId: 'FR40303265045', country: 'FR', ipCountry: 'DE' } as const;
    expect(failureOf(values)).toBe('unclear');
    expect(failureOf({ ...values, businessTaxIdStatus: 'unknown' })).toBe('unclear');
    expect(determinePlaceOfSupply(customer({ ...values, businessTaxIdStatus: 'confirmed' }))).toMatchObject({
      kind: 'determined',
      place: { country: 'FR' },
    });
  });

  it('is unclear when two items stand against two', () => {
    const values = { type: 'business', businessTaxId: 'FR40303265045', businessTaxIdStatus: 'confirmed' } as const;
    expect(failureOf({ ...values, ipCountry: 'FR', cardCountry: 'DE' })).toBe('unclear');
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
      { numRuns: 1_000 },
    );
  });
});

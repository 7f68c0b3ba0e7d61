import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gatewayIds, gatewayProfiles, gatewayRegistry } from '../../../services/payment/gateway-registry.ts';
import { candidates, gatewayCost, leastChargeable, noCandidateCode } from '../../../services/payment/gateway-router.ts';
import type { GatewayProfile } from '../../../services/payment/payment-gateway.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const at = '2026-11-21T10:00:00.000Z';
const profile = (id: string, costBasisPoints: number, currencies: GatewayProfile['currencies'] = 'any') => ({
  id,
  methods: ['card'],
  currencies,
  costBasisPoints,
  limits: [],
});
const ids = (profiles: readonly GatewayProfile[], currency: string, method = 'card', amount = 10_000) =>
  candidates(profiles, { method, currency, amount, at }).map(({ id }) => id);

describe('the choice of a gateway', () => {
  it('leaves out who does not take the method or the currency', () => {
    const euro = profile('euro', 100, ['EUR']);
    expect(ids([euro], 'EUR')).toEqual(['euro']);
    expect(ids([euro], 'JPY')).toEqual([]);
    expect(ids([euro], 'EUR', 'voucher')).toEqual([]);
  });

  it('prefers who settles in the currency by name to who converts, however cheap', () => {
    expect(ids([profile('converts', 10), profile('settles', 300, ['EUR'])], 'EUR')).toEqual(['settles', 'converts']);
  });

  it('then prefers the cheaper, then the id, also where the cost rounds to the same', () => {
    expect(ids([profile('dear', 290), profile('cheap', 140)], 'EUR')).toEqual(['cheap', 'dear']);
    expect(ids([profile('dear', 290), profile('cheap', 280)], 'EUR', 'card', 1)).toEqual(['cheap', 'dear']);
    expect(ids([profile('b', 100), profile('a', 100)], 'EUR')).toEqual(['a', 'b']);
  });

  it('gives the same order however the profiles are listed, and loses or invents none', () => {
    const anyProfile = fc.record({
      id: fc.string({ minLength: 1, maxLength: 6 }),
      methods: fc.subarray(['card', 'voucher']),
      currencies: fc.oneof(fc.constant('any' as const), fc.subarray(['EUR', 'JPY'])),
      costBasisPoints: fc.integer({ min: 0, max: 1_000 }),
      limits: fc.constant([]),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(anyProfile, { selector: ({ id }) => id, maxLength: 8 }),
        fc.nat({ max: 10_000_000 }),
        (profiles, amount) => {
          const sale = { method: 'card', currency: 'EUR', amount, at };
          const chosen = candidates(profiles, sale);
          expect(candidates([...profiles].reverse(), sale)).toEqual(chosen);
          const able = profiles.filter(
            ({ methods, currencies }) =>
              methods.includes('card') && (currencies === 'any' || currencies.includes('EUR')),
          );
          expect(new Set(chosen)).toEqual(new Set(able));
        },
      ),
      { numRuns: propertyRuns() },
    );
  });

  it.each([
    ['card', 'EUR', 50, 99_999_999],
    ['card', 'GBP', 30, 99_999_999],
    ['card', 'HUF', 17_500, 99_999_999],
    ['card', 'JPY', 50, 99_999_999],
    ['voucher', 'JPY', 120, 300_000],
  ])('by %s in %s is between %d and %d minor units, both included', (method, currency, minimum, maximum) => {
    for (const amount of [minimum, minimum + 1, maximum - 1, maximum])
      expect(ids(gatewayProfiles, currency, method, amount)).not.toEqual([]);
    for (const amount of [minimum - 1, maximum + 1]) {
      expect(ids(gatewayProfiles, currency, method, amount)).toEqual([]);
      expect(noCandidateCode(gatewayProfiles, { method, currency, amount, at })).toBe('payment.amount_out_of_range');
    }
  });

  it('takes any amount where no limit is on file, and says so when nobody takes the method at all', () => {
    expect(ids(gatewayProfiles, 'KWD', 'card', 1)).toEqual(['acquirer_b']);
    expect(ids(gatewayProfiles, 'JPY', 'bank_transfer', 10_000_000)).toEqual(['deferred_payments']);
    expect(noCandidateCode(gatewayProfiles, { method: 'cash', currency: 'EUR', amount: 1000, at })).toBe(
      'payment.no_gateway',
    );
  });

  it('says what has to be left to charge: the least that any of those takes who take the method', () => {
    const limited = (id: string, minimum: number) => ({
      ...profile(id, 1),
      limits: gatewayProfiles
        .flatMap(({ limits }) => limits.slice(0, 1))
        .map((row) => ({ ...row, currency: 'EUR', minimum })),
    });
    const least = leastChargeable([limited('a', 90), limited('b', 50)]);
    expect(least({ method: 'card', currency: 'EUR', at })).toBe(50);
    expect(least({ method: 'barter', currency: 'EUR', at })).toBe(0);
    expect(leastChargeable([profile('free', 1)])({ method: 'card', currency: 'EUR', at })).toBe(1);
  });

  it('costs whole minor units, half a unit away from zero', () => {
    expect(gatewayCost(profile('x', 150), 10_000)).toBe(150);
    expect(gatewayCost(profile('x', 50), 100)).toBe(1);
  });

  it('sends euros to acquirer_a, yen to acquirer_b and vouchers to the deferred provider', () => {
    expect(ids(gatewayProfiles, 'EUR')).toEqual(['acquirer_a', 'acquirer_b']);
    expect(ids(gatewayProfiles, 'JPY')).toEqual(['acquirer_b']);
    expect(ids(gatewayProfiles, 'EUR', 'voucher')).toEqual(['deferred_payments']);
  });
});

describe('the gateway registry', () => {
  it('names every gateway as it is registered, in its profile and in its adapter', () => {
    const config = { baseUrl: 'http://127.0.0.1:1', apiKey: 'key', timeoutMs: 1_000 };
    for (const id of gatewayIds) {
      expect(gatewayRegistry[id].profile.id).toBe(id);
      expect(gatewayRegistry[id].create(config).id).toBe(id);
    }
  });
});

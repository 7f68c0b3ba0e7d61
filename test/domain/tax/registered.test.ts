import { describe, expect, it } from '@jest/globals';
import type { RegistrationRow } from '../../../domain/tax/data/registrations.ts';
import { computeTax } from '../../../domain/tax/compute-tax.ts';
import { isRegistered } from '../../../domain/tax/registered.ts';
import { place, taxRequest } from './place.ts';

const row = (legalEntity: string, key: string, validFrom: string, validTo: string | null = null): RegistrationRow => ({
  legalEntity,
  key,
  scheme: 'local',
  validFrom,
  validTo,
  source: 'a test',
  checkedOn: '2026-11-21',
  confidence: 'source',
});
const rows = [
  row('waybill_ie', 'EU', '2021-07-01'),
  row('waybill_ie', 'IE', '2020-01-01'),
  row('waybill_us', 'EU', '2021-07-01'),
  row('waybill_ie', 'US-TX', '2024-03-01', '2025-01-01'),
  row('waybill_us', 'US-TX', '2020-01-01'),
];
const registered = (legalEntity: string, registration: string, date: string) =>
  isRegistered({ legalEntity, sellerCountry: legalEntity === 'waybill_ie' ? 'IE' : 'US', registration, date }, rows);

describe('a registration', () => {
  it.each([
    ['2024-02-29', false],
    ['2024-03-01', true],
    ['2024-12-31', true],
    ['2025-01-01', false],
  ])('counts from its first day to the day before its last: %s is %s', (date, expected) => {
    expect(registered('waybill_ie', 'US-TX', date)).toBe(expected);
  });

  it('is of one legal entity and no other', () => {
    expect(registered('waybill_us', 'US-TX', '2026-01-01')).toBe(true);
    expect(registered('waybill_ie', 'US-TX', '2026-01-01')).toBe(false);
    expect(registered('nobody', 'US-TX', '2026-01-01')).toBe(false);
  });

  it('in the One-Stop Shop covers every member state and goods to Northern Ireland', () => {
    for (const registration of ['FR', 'DE', 'XI']) {
      expect(registered('waybill_ie', registration, '2021-06-30')).toBe(false);
      expect(registered('waybill_ie', registration, '2021-07-01')).toBe(true);
    }
    for (const registration of ['GB', 'RE', 'CA', 'US-NY'])
      expect(registered('waybill_ie', registration, '2026-01-01')).toBe(false);
  });

  it("in the One-Stop Shop does not cover the entity's own country, unless it has none in the union", () => {
    const own = (key: string) =>
      isRegistered({ legalEntity: 'e', sellerCountry: 'IE', registration: 'IE', date: '2026-01-01' }, [
        row('e', key, '2020-01-01'),
      ]);
    expect(own('EU')).toBe(false);
    expect(own('IE')).toBe(true);
    expect(registered('waybill_us', 'IE', '2026-01-01')).toBe(true);
  });

  it('that the seller does not hold leaves the tax away and says so', () => {
    expect(computeTax(taxRequest({ legalEntity: 'nobody' }))).toMatchObject({
      tax: 0,
      notes: [{ code: 'not_registered', jurisdiction: 'DE', text: 'No registration in DE: VAT is not charged' }],
    });
    expect(computeTax(taxRequest({ place: place('US', 'TX') })).tax).toBe(500);
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseBusinessTaxId } from '../../../domain/tax/business-tax-id.ts';

describe('a business tax id', () => {
  it.each([
    ['FR', 'FR40303265045', 'FR', 'FR40303265045'],
    ['DE', 'DE136695976', 'DE', 'DE136695976'],
    ['IT', 'IT00159560366', 'IT', 'IT00159560366'],
    ['FR', 'fr 40 303 265 045', 'FR', 'FR40303265045'],
    ['FR', '40303265045', 'FR', 'FR40303265045'],
    ['MC', 'FR40303265045', 'FR', 'FR40303265045'],
    ['IE', 'FR40303265045', 'FR', 'FR40303265045'],
    ['GR', 'EL094259216', 'GR', 'EL094259216'],
    ['GR', 'GR094259216', 'GR', 'EL094259216'],
    ['GR', '094259216', 'GR', 'EL094259216'],
    ['GB', 'GB980780684', 'GB', 'GB980780684'],
    ['GB', 'XI980780684', 'GB', 'XI980780684'],
    ['CH', 'CHE-116.281.710 MWST', 'CH', 'CHE116281710'],
    ['NO', 'NO 974 760 673 MVA', 'NO', 'NO974760673MVA'],
    ['NO', '974760673', 'NO', 'NO974760673MVA'],
    ['AU', 'ABN 51 824 753 556', 'AU', 'AU51824753556'],
    ['JP', 'T1180301018771', 'JP', 'T1180301018771'],
    ['IN', '27AAPFU0939F1ZV', 'IN', '27AAPFU0939F1ZV'],
    ['MX', 'DEF010101AB1', 'MX', 'DEF010101AB1'],
    ['TW', '12345675', 'TW', '12345675'],
    ['CR', '3-101-123456', 'CR', '3101123456'],
    ['HK', '12345678', 'HK', '12345678'],
    ['HK', 'IM123456', 'HK', 'IM123456'],
    ['HK', 'AEU123456789', 'HK', 'AEU123456789'],
    ['AU', '51 824 753 556', 'AU', 'AU51824753556'],
    ['AU', 'AU51824753556', 'AU', 'AU51824753556'],
    ['JP', 'FR40303265045', 'FR', 'FR40303265045'],
    ['CH', 'CHE116281710', 'CH', 'CHE116281710'],
    ['DE', 'CHE-116.281.710 TVA', 'CH', 'CHE116281710'],
    ['NZ', '123-456-789', 'NZ', '123456789'],
    ['SG', '200312345A', 'SG', '200312345A'],
    ['KR', '123-45-67890', 'KR', '1234567890'],
    ['CA', '123456789 RT0001', 'CA', '123456789RT0001'],
  ])('of a customer in %s, written "%s", is from %s: %s', (country, businessTaxId, from, normalised) => {
    expect(parseBusinessTaxId({ country, businessTaxId })).toEqual({ country: from, normalised });
  });

  it.each([
    ['FR', 'FR40303265046'],
    ['DE', 'DE136695977'],
    ['DE', 'hello'],
    ['DE', ''],
    ['GR', 'EL094259217'],
    ['AU', '51824753557'],
    ['NO', '974760674'],
    ['FR', 'EU372000034'],
    ['JP', 'T123'],
    ['JP', 'T12345'],
    ['KR', '12345'],
    ['SG', 'ABCDEFGH'],
    ['CA', '12345678RT0001'],
    ['NZ', '12345'],
    ['IN', '27AAPFU0939F1XX'],
    ['HK', 'ABN51824753556X51824753556'],
    ['HK', 'hello'],
    ['HK', '----'],
  ])('of a customer in %s, written "%s", is malformed', (country, businessTaxId) => {
    expect(parseBusinessTaxId({ country, businessTaxId })).toBe('malformed');
  });
});

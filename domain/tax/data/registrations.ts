import type { DatedRow } from '../dated-row.ts';
import { provenance } from './provenance.ts';

/**
 * Where a legal entity may charge tax, from the day it is registered (`validFrom`). `key` is "EU" for the One-Stop Shop
 * (every member state but the entity's own), a country, "CA" for federal GST/HST, "CA-QC" and the like for a province's
 * own tax, "US-TX" for a state. Where there is no row, no tax is charged: collecting it without a registration would not
 * be lawful. A seller that is its own legal entity brings its own rows.
 */
export interface RegistrationRow extends DatedRow {
  /** Id of domain/invoice/legal-entity.ts. */
  readonly legalEntity: string;
  readonly key: string;
  readonly scheme: 'domestic' | 'one_stop_shop' | 'local' | 'simplified';
}

const { ourRegister } = provenance;
const register = (key: string, scheme: RegistrationRow['scheme'], validFrom = '2020-01-01'): RegistrationRow => ({
  legalEntity: 'waybill_ie',
  key,
  scheme,
  validFrom,
  validTo: null,
  ...ourRegister,
});

const countries =
  'GB NO CH LI IS TR UA RS ME MK AL BA MD GE AD XK JP KR AU NZ SG IN ID MY PH TW TH VN CN KZ IL AE SA BH OM EG ZA KE NG GH MA TZ MX CL CO PE EC CR UY PY';
const frenchOverseas = 'GP MQ RE';
const states = 'AZ CA CO CT DC FL GA IL IN MA MD MI MN NC NJ NY OH PA TN TX UT VA WA WI';
const provinces = 'BC MB QC SK';

export const registrations: readonly RegistrationRow[] = [
  register('IE', 'domestic'),
  register('EU', 'one_stop_shop'),
  ...frenchOverseas.split(' ').map((key) => register(key, 'local')),
  ...countries.split(' ').map((key) => register(key, 'local')),
  register('CA', 'simplified'),
  ...provinces.split(' ').map((province) => register(`CA-${province}`, province === 'QC' ? 'simplified' : 'local')),
  ...states.split(' ').map((state) => register(`US-${state}`, 'local')),
];

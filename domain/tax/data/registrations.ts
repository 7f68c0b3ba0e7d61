import type { DatedRow } from '../dated-row.ts';
import { provenance } from './provenance.ts';

/**
 * Where the merchant of record may charge tax. `key` is "EU" for the One-Stop Shop (every member state but its own),
 * a country, "CA" for federal GST/HST, "CA-QC" and the like for a province's own tax, "US-TX" for a state.
 * Where there is no row, no tax is charged: collecting it without a registration would not be lawful.
 */
export interface RegistrationRow extends DatedRow {
  readonly key: string;
  readonly scheme: 'domestic' | 'one_stop_shop' | 'local' | 'simplified';
}

const { ourRegister } = provenance;
const register = (key: string, scheme: RegistrationRow['scheme'], validFrom = '2020-01-01'): RegistrationRow => ({
  key,
  scheme,
  validFrom,
  validTo: null,
  ...ourRegister,
});

/** The default legal entity is established here. */
export const homeCountry = 'IE';

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

import { fail } from '../failures.ts';
import type { PostalAddress, RegistrationScheme, TaxRegistration } from './invoice.ts';
import type { TaxAmount } from '../order/order.ts';

/** The company that sells: the merchant of record, as it must appear on every invoice and in every mail. */
export interface LegalEntity {
  readonly id: string;
  readonly name: string;
  /** As printed, without the country. */
  readonly addressLines: readonly string[];
  readonly address: PostalAddress;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** The VAT id of its own country; it also stands for the One-Stop Shop. */
  readonly taxId: string;
  /** Its numbers elsewhere. */
  readonly registrations: readonly DatedRegistration[];
  readonly registration: string;
  readonly email: string;
  readonly telephone: string;
  /** Where it takes electronic documents: a code of the EAS list ("9935" is an Irish VAT id) and the address in it. */
  readonly electronicAddress: { readonly scheme: string; readonly id: string };
  readonly website: string;
  /** IANA zone in which the issue date of a document, and so the year of its number, is read. */
  readonly timeZone: string;
  /** First and last moment of these particulars, half open, ISO 8601 UTC. */
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly source: string;
}

/** Half open, local dates (YYYY-MM-DD); null until further notice. */
interface DatedRegistration extends TaxRegistration {
  readonly validFrom: string;
  readonly validTo: string | null;
}

const since2020 = (jurisdiction: string, scheme: RegistrationScheme, id: string, validFrom = '2020-01-01') => ({
  jurisdiction,
  scheme,
  id,
  validFrom,
  validTo: null,
});

/** An example company: whoever runs Waybill puts their own particulars here. A move or a new VAT id is a new row. */
export const legalEntities: readonly LegalEntity[] = [
  {
    id: 'waybill_ie',
    name: 'Waybill Commerce Ltd',
    addressLines: ['1 Example Quay', 'Dublin 2', 'D02 XX00'],
    address: { street: '1 Example Quay', city: 'Dublin 2', postalCode: 'D02 XX00', region: null },
    country: 'IE',
    taxId: 'IE1234567FA',
    registrations: [
      since2020('GB', 'vat', 'GB000000000'),
      since2020('AU', 'abn', '00 000 000 000'),
      since2020('JP', 'jct', 'T0000000000000', '2023-10-01'),
      since2020('CA', 'gst_hst', '000000000 RT0001'),
      since2020('CA-QC', 'qst', '0000000000 TQ0001'),
      since2020('CA-BC', 'pst', 'PST-0000-0000'),
      since2020('CA-MB', 'pst', '000000-0'),
      since2020('CA-SK', 'pst', '0000000'),
    ],
    registration: 'Companies Registration Office, Dublin, no. 000000',
    email: 'billing@waybill.example',
    telephone: '+353 1 000 0000',
    electronicAddress: { scheme: '9935', id: 'IE1234567FA' },
    website: 'https://waybill.example',
    timeZone: 'Europe/Dublin',
    validFrom: '2020-01-01T00:00:00Z',
    validTo: null,
    source: 'Example particulars, no real company',
  },
];

/** Who sells at that moment (ISO 8601). @throws invoice.legal_entity_missing */
export function legalEntityAt(at: string, entities: readonly LegalEntity[] = legalEntities): LegalEntity {
  const moment = Date.parse(at);
  const found = entities.find(
    ({ validFrom, validTo }) => Date.parse(validFrom) <= moment && (validTo === null || moment < Date.parse(validTo)),
  );
  return found ?? fail('invoice.legal_entity_missing', `No legal entity is on file for ${at}`);
}

/**
 * The numbers of the jurisdictions that tax a document, on its local date. HST is federal, as GST is: "CA-ON" finds "CA".
 */
export function registrationsFor(
  entity: LegalEntity,
  taxes: readonly Pick<TaxAmount, 'jurisdiction' | 'name'>[],
  date: string,
): readonly TaxRegistration[] {
  const keys = new Set(taxes.map(({ jurisdiction, name }) => (name === 'HST' ? 'CA' : jurisdiction)));
  return entity.registrations
    .filter(({ jurisdiction }) => keys.has(jurisdiction))
    .filter(({ validFrom, validTo }) => validFrom <= date && (validTo === null || date < validTo))
    .map(({ jurisdiction, scheme, id }) => ({ jurisdiction, scheme, id }));
}

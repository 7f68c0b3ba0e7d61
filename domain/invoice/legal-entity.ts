import { fail } from '../failures.ts';

/** The company that sells: the merchant of record, as it must appear on every invoice and in every mail. */
export interface LegalEntity {
  readonly id: string;
  readonly name: string;
  readonly addressLines: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly taxId: string;
  readonly registration: string;
  readonly email: string;
  readonly website: string;
  /** IANA zone in which the issue date of a document, and so the year of its number, is read. */
  readonly timeZone: string;
  /** First and last moment of these particulars, half open, ISO 8601 UTC. */
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly source: string;
}

/** An example company: whoever runs Waybill puts their own particulars here. A move or a new VAT id is a new row. */
export const legalEntities: readonly LegalEntity[] = [
  {
    id: 'waybill_ie',
    name: 'Waybill Commerce Ltd',
    addressLines: ['1 Example Quay', 'Dublin 2', 'D02 XX00'],
    country: 'IE',
    taxId: 'IE1234567FA',
    registration: 'Companies Registration Office, Dublin, no. 000000',
    email: 'billing@waybill.example',
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

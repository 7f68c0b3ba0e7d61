import type { DatedRow } from '../dated-row.ts';
import { provenance } from './provenance.ts';

/**
 * A part of a country with rules of its own. `outside`: not in the VAT area, no VAT is due. `rate`: its own standard
 * rate for every category. A postal code belongs to the territory when it begins with one of the prefixes.
 */
export interface TerritoryRow extends DatedRow {
  readonly territory: string;
  readonly name: string;
  readonly country: string;
  readonly postalPrefixes: readonly string[];
  readonly treatment: { readonly kind: 'outside' } | { readonly kind: 'rate'; readonly rate: string };
}

/** An ISO country code that is, for tax, part of another country (and, where it has one, a territory of it). */
export interface TaxAreaRow extends DatedRow {
  readonly code: string;
  readonly country: string;
  readonly territory: string | null;
}

const { territories, generalKnowledge, isoCodes } = provenance;
const since2020 = { validFrom: '2020-01-01', validTo: null } as const;
const outside = { kind: 'outside' } as const;
const rate = (value: string) => ({ kind: 'rate', rate: value }) as const;

type Place = Pick<TerritoryRow, 'territory' | 'name' | 'country' | 'postalPrefixes'>;
const azores: Place = {
  territory: 'PT-20',
  name: 'Azores',
  country: 'PT',
  postalPrefixes: ['95', '96', '97', '98', '99'],
};
const place = (territory: string, name: string, country: string, ...postalPrefixes: string[]): Place => ({
  territory,
  name,
  country,
  postalPrefixes,
});

export const euTerritories: readonly TerritoryRow[] = [
  { ...place('ES-CN', 'Canary Islands', 'ES', '35', '38'), treatment: outside, ...since2020, ...territories },
  { ...place('ES-CE', 'Ceuta', 'ES', '510'), treatment: outside, ...since2020, ...territories },
  { ...place('ES-ML', 'Melilla', 'ES', '520'), treatment: outside, ...since2020, ...territories },
  {
    ...place('PT-30', 'Madeira', 'PT', '90', '91', '92', '93', '94'),
    treatment: rate('0.22'),
    ...since2020,
    ...territories,
  },
  { ...azores, treatment: rate('0.18'), validFrom: '2020-01-01', validTo: '2021-07-01', ...generalKnowledge },
  { ...azores, treatment: rate('0.16'), validFrom: '2021-07-01', validTo: null, ...territories },
  { ...place('GP', 'Guadeloupe', 'FR', '971'), treatment: rate('0.085'), ...since2020, ...territories },
  { ...place('MQ', 'Martinique', 'FR', '972'), treatment: rate('0.085'), ...since2020, ...territories },
  { ...place('RE', 'Réunion', 'FR', '974'), treatment: rate('0.085'), ...since2020, ...territories },
  { ...place('GF', 'French Guiana', 'FR', '973'), treatment: outside, ...since2020, ...territories },
  { ...place('YT', 'Mayotte', 'FR', '976'), treatment: outside, ...since2020, ...territories },
  {
    ...place('FR-COM', 'French overseas collectivities', 'FR', '975', '977', '978', '986', '987', '988'),
    treatment: outside,
    ...since2020,
    ...generalKnowledge,
  },
  { ...place('IT-CAMPIONE', "Campione d'Italia", 'IT', '22061'), treatment: outside, ...since2020, ...territories },
  { ...place('IT-LIVIGNO', 'Livigno', 'IT', '23041'), treatment: outside, ...since2020, ...territories },
  {
    ...place('DE-BUESINGEN', 'Büsingen am Hochrhein', 'DE', '78266'),
    treatment: outside,
    ...since2020,
    ...territories,
  },
  { ...place('DE-HELGOLAND', 'Heligoland', 'DE', '27498'), treatment: outside, ...since2020, ...territories },
  {
    ...place('AT-JUNGHOLZ', 'Jungholz and Mittelberg', 'AT', '6691', '699'),
    treatment: rate('0.19'),
    ...since2020,
    ...territories,
  },
  { ...place('GR-69', 'Mount Athos', 'GR', '63086'), treatment: outside, ...since2020, ...territories },
  { ...place('AX', 'Åland', 'FI', '22'), treatment: outside, ...since2020, ...generalKnowledge },
];

/** Outside the EU for services and inside its VAT area for goods (Windsor Framework); the rates are the country's. */
export const goodsTerritories: readonly Omit<TerritoryRow, 'treatment'>[] = [
  {
    ...place('XI', 'Northern Ireland', 'GB', 'BT'),
    validFrom: '2021-01-01',
    validTo: null,
    ...generalKnowledge,
  },
];

export const taxAreas: readonly TaxAreaRow[] = [
  { code: 'MC', country: 'FR', territory: null, ...since2020, ...territories },
  { code: 'IM', country: 'GB', territory: null, ...since2020, ...territories },
  { code: 'GP', country: 'FR', territory: 'GP', ...since2020, ...isoCodes },
  { code: 'MQ', country: 'FR', territory: 'MQ', ...since2020, ...isoCodes },
  { code: 'RE', country: 'FR', territory: 'RE', ...since2020, ...isoCodes },
  { code: 'GF', country: 'FR', territory: 'GF', ...since2020, ...isoCodes },
  { code: 'YT', country: 'FR', territory: 'YT', ...since2020, ...isoCodes },
  { code: 'PM', country: 'FR', territory: 'FR-COM', ...since2020, ...isoCodes },
  { code: 'BL', country: 'FR', territory: 'FR-COM', ...since2020, ...isoCodes },
  { code: 'MF', country: 'FR', territory: 'FR-COM', ...since2020, ...isoCodes },
  { code: 'PF', country: 'FR', territory: 'FR-COM', ...since2020, ...isoCodes },
  { code: 'NC', country: 'FR', territory: 'FR-COM', ...since2020, ...isoCodes },
  { code: 'WF', country: 'FR', territory: 'FR-COM', ...since2020, ...isoCodes },
  { code: 'AX', country: 'FI', territory: 'AX', ...since2020, ...isoCodes },
];

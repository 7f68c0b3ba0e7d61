import { euMemberStates } from '../../tax/data/eu-vat.ts';

/** Where one law of withdrawal holds. `elsewhere`: no law is on file, only the seller's own policy. */
export const markets = ['eu', 'uk', 'kr', 'jp', 'us', 'au', 'nz', 'br', 'in', 'tr', 'cn', 'elsewhere'] as const;
export type Market = (typeof markets)[number];

/** Norway, Iceland and Liechtenstein took the directive over; the others are member states under a code of their own. */
const asMemberStates = ['NO', 'IS', 'LI', 'GP', 'MQ', 'RE', 'GF', 'YT', 'MF', 'AX'];

const others: Readonly<Record<string, Market>> = {
  GB: 'uk',
  KR: 'kr',
  JP: 'jp',
  US: 'us',
  AU: 'au',
  NZ: 'nz',
  BR: 'br',
  IN: 'in',
  TR: 'tr',
  CN: 'cn',
};

/** @param country ISO 3166-1 alpha-2 of where the customer lives: its law protects consumers (Rome I art. 6 and alike) */
export function marketOf(country: string): Market {
  if (euMemberStates.includes(country) || asMemberStates.includes(country)) return 'eu';
  return others[country] ?? 'elsewhere';
}

/**
 * Countries with several zones, for customers whose own is not on file: a period ends where it ends last, so it is an hour
 * or more too long for some and too short for nobody. The states of the US and the provinces of Canada have one each in
 * domain/tax/data/time-zones.ts.
 */
export const severalZones: Readonly<Record<string, readonly string[]>> = {
  ES: ['Europe/Madrid', 'Atlantic/Canary'],
  PT: ['Europe/Lisbon', 'Atlantic/Azores'],
  BR: ['America/Noronha', 'America/Sao_Paulo', 'America/Manaus', 'America/Rio_Branco'],
  US: [
    'America/New_York',
    'America/Chicago',
    'America/Denver',
    'America/Los_Angeles',
    'America/Anchorage',
    'Pacific/Honolulu',
  ],
  CA: [
    'America/St_Johns',
    'America/Halifax',
    'America/Toronto',
    'America/Winnipeg',
    'America/Edmonton',
    'America/Vancouver',
  ],
  AU: ['Australia/Sydney', 'Australia/Brisbane', 'Australia/Adelaide', 'Australia/Darwin', 'Australia/Perth'],
  NZ: ['Pacific/Auckland', 'Pacific/Chatham'],
  MX: ['America/Cancun', 'America/Mexico_City', 'America/Hermosillo', 'America/Tijuana'],
  ID: ['Asia/Jayapura', 'Asia/Makassar', 'Asia/Jakarta'],
  CL: ['America/Santiago', 'Pacific/Easter'],
  EC: ['America/Guayaquil', 'Pacific/Galapagos'],
};

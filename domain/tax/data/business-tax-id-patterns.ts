/**
 * Shape of ids in countries without a checksum in jsvat-next, written without spaces, dots, dashes and slashes.
 * General knowledge (2026-11-21): a shape that is too strict turns honest customers away, so these only catch slips.
 */
export const businessTaxIdPatterns: Readonly<Record<string, RegExp>> = {
  AE: /^1?\d{14}$/,
  CA: /^\d{9}(RT\d{4}|TQ\d{4})?$/,
  CL: /^\d{7,8}[\dK]$/,
  CO: /^\d{9,10}$/,
  CR: /^\d{9,12}$/,
  ID: /^\d{15,16}$/,
  IL: /^\d{9}$/,
  IN: /^\d{2}[A-Z]{5}\d{4}[A-Z][A-Z\d]Z[A-Z\d]$|^99\d{2}[A-Z]{3}\d{5}[A-Z]{2}[A-Z\d]$/,
  IS: /^(IS)?(\d{5,6}|\d{10})$/,
  JP: /^T?\d{13}$/,
  KR: /^\d{10}$/,
  LI: /^(LI)?\d{5}$|^CHE\d{9}(MWST|TVA|IVA)?$/,
  MX: /^[A-ZÑ&]{3,4}\d{6}[A-Z\d]{3}$/,
  NZ: /^(NZ)?\d{8,9}$|^(NZBN)?\d{13}$/,
  PE: /^\d{11}$/,
  SA: /^3\d{13}3$/,
  SG: /^\d{8,9}[A-Z]$|^[A-Z]\d{2}[A-Z\d]{2}\d{4}[A-Z]$|^M[A-Z\d]\d{7}[A-Z\d]$/,
  TH: /^\d{13}$/,
  TR: /^\d{10,11}$/,
  TW: /^\d{8}$/,
  US: /^\d{9}$/,
  ZA: /^4\d{9}$/,
};

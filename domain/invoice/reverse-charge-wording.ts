/**
 * The words that shift the tax to the customer, in the languages of the VAT directive: Council Directive 2006/112/EC
 * art. 226(11a), as inserted by Directive 2010/45/EU. Any official language is valid; the customer's own is understood.
 */
const source = 'Directive 2006/112/EC art. 226(11a)';

const wordingByLanguage: Readonly<Record<string, string>> = {
  bg: 'Обратно начисляване',
  cs: 'Daň odvede zákazník',
  da: 'Omvendt betalingspligt',
  de: 'Steuerschuldnerschaft des Leistungsempfängers',
  el: 'Αντίστροφη επιβάρυνση',
  en: 'Reverse charge',
  es: 'Inversión del sujeto pasivo',
  et: 'Pöördmaksustamine',
  fi: 'Käännetty verovelvollisuus',
  fr: 'Autoliquidation',
  hr: 'Prijenos porezne obveze',
  hu: 'Fordított adózás',
  it: 'Inversione contabile',
  lt: 'Atvirkštinis apmokestinimas',
  lv: 'Nodokļa apgrieztā maksāšana',
  mt: 'Inverżjoni tal-ħlas',
  nl: 'Btw verlegd',
  pl: 'Odwrotne obciążenie',
  pt: 'Autoliquidação',
  ro: 'Taxare inversă',
  sk: 'Prenesenie daňovej povinnosti',
  sl: 'Obrnjena davčna obveznost',
  sv: 'Omvänd betalningsskyldighet',
};

/** The language of invoices in the member states; where there are several, the largest one. */
const languageByCountry: Readonly<Record<string, string>> = {
  AT: 'de',
  BE: 'nl',
  BG: 'bg',
  CY: 'el',
  CZ: 'cs',
  DE: 'de',
  DK: 'da',
  EE: 'et',
  ES: 'es',
  FI: 'fi',
  FR: 'fr',
  GR: 'el',
  HR: 'hr',
  HU: 'hu',
  IT: 'it',
  LT: 'lt',
  LU: 'fr',
  LV: 'lv',
  MT: 'mt',
  NL: 'nl',
  PL: 'pl',
  PT: 'pt',
  RO: 'ro',
  SE: 'sv',
  SI: 'sl',
  SK: 'sk',
};

/** "Reverse charge", and the same in the language of the document and of the customer's country, each once. */
export function reverseChargeWording(customer: { readonly country: string; readonly locale: string }) {
  const languages = [customer.locale, languageByCountry[customer.country] ?? 'en', 'en'];
  const texts = languages.flatMap((language) => wordingByLanguage[language] ?? []);
  return { text: [...new Set(texts)].join(' / '), source };
}

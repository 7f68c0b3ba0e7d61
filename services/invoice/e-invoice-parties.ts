import type { Party } from '../../domain/invoice/invoice.ts';
import type { VatCategory } from '../../domain/invoice/vat-category.ts';

type Element = Readonly<Record<string, unknown>>;

const taxScheme = (id: string, scheme: 'VAT' | 'TAX') => ({
  'cbc:CompanyID': id,
  'cac:TaxScheme': { 'cbc:ID': scheme },
});

/**
 * A document that is not subject to VAT must not name VAT ids (BR-O-02): ours then stands as a tax registration (BT-32).
 * A VAT number of the taxing state comes before ours; other numbers there (ABN, JCT, GST) are tax registrations, too.
 */
export function sellerElement(seller: Party, categories: readonly VatCategory[]): Element {
  const { registrations, taxId, contact } = seller;
  const abroad = registrations.find(({ scheme }) => scheme === 'vat')?.id;
  const local = registrations.find(({ scheme }) => scheme !== 'vat')?.id;
  const vat = abroad ?? taxId;
  const outOfScope = categories.includes('O');
  const schemes = [
    ...(vat === null ? [] : [taxScheme(compact(vat), outOfScope ? 'TAX' : 'VAT')]),
    ...(local === undefined || outOfScope ? [] : [taxScheme(local, 'TAX')]),
  ];
  return {
    ...common(seller),
    ...(schemes.length === 0 ? {} : { 'cac:PartyTaxScheme': schemes }),
    'cac:PartyLegalEntity': {
      'cbc:RegistrationName': seller.name,
      ...(seller.registerEntry === null ? {} : { 'cbc:CompanyID': seller.registerEntry }),
    },
    ...(contact === null
      ? {}
      : {
          'cac:Contact': {
            'cbc:Name': contact.name,
            'cbc:Telephone': contact.telephone,
            'cbc:ElectronicMail': contact.email,
          },
        }),
  };
}

export function buyerElement(buyer: Party, categories: readonly VatCategory[]): Element {
  const id = buyer.taxId === null ? null : compact(buyer.taxId);
  const isVat = id !== null && hasCountryPrefix(id) && !categories.includes('O');
  return {
    ...common(buyer),
    ...(isVat ? { 'cac:PartyTaxScheme': taxScheme(id, 'VAT') } : {}),
    'cac:PartyLegalEntity': {
      'cbc:RegistrationName': buyer.name,
      ...(id === null || isVat ? {} : { 'cbc:CompanyID': id }),
    },
  };
}

function common({ electronicAddress, name, address, country }: Party): Element {
  return {
    'cbc:EndpointID': electronicAddress.id,
    'cbc:EndpointID@schemeID': electronicAddress.scheme,
    'cac:PartyName': { 'cbc:Name': name },
    'cac:PostalAddress': {
      ...element('cbc:StreetName', address.street),
      ...element('cbc:CityName', address.city),
      ...element('cbc:PostalZone', address.postalCode),
      ...element('cbc:CountrySubentity', address.region),
      'cac:Country': { 'cbc:IdentificationCode': country },
    },
  };
}

/** Empty elements are forbidden (PEPPOL-EN16931-R008): absent is absent. */
function element(name: string, value: string | null): Element {
  return value === null || value === '' ? {} : { [name]: value };
}

function compact(id: string): string {
  return id.toUpperCase().replace(/[\s.-]/g, '');
}

/** BR-CO-09: a VAT id begins with the code of the state that gave it; Greece may say EL. */
function hasCountryPrefix(id: string): boolean {
  return /^[A-Z]{2}[0-9A-Z]{2,}$/.test(id);
}

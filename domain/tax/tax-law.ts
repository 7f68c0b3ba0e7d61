import type { TaxClass } from '../catalog/catalog.ts';
import { fail } from '../failures.ts';
import type { CustomerType } from '../order/order.ts';
import { taxRegion } from './country.ts';
import { canadaRates } from './data/canada.ts';
import { euTerritories, goodsTerritories, taxAreas } from './data/eu-territories.ts';
import type { TerritoryRow } from './data/eu-territories.ts';
import { euEbookRates, euMemberStates, euStandardRates } from './data/eu-vat.ts';
import { taxClassRules } from './data/tax-class-rules.ts';
import { timeZones } from './data/time-zones.ts';
import { usStateRates } from './data/us-states.ts';
import { usTaxability } from './data/us-taxability.ts';
import { worldEbookRates, worldRates } from './data/world-vat.ts';
import type { BusinessRule } from './data/world-vat.ts';
import type { DatedRow } from './dated-row.ts';
import { holdsOn, rowOn } from './dated-row.ts';
import { localDate } from '../time/local-date.ts';
import type { PlaceOfSupply } from './place-of-supply.ts';

/** One tax that the law puts on a sale. `rate` and `baseShare` are decimal strings: "0.0625" on "0.80" of the price. */
export interface ApplicableTax {
  readonly jurisdiction: string;
  readonly name: string;
  readonly rate: string;
  readonly baseShare: string;
  /** What a registration must cover for us to charge it: "FR", "US-TX", "CA", "CA-QC", "XI". */
  readonly registration: string;
}

export interface TaxQuestion {
  readonly place: Pick<PlaceOfSupply, 'country' | 'region' | 'postalCode'>;
  readonly taxClass: TaxClass;
  readonly customerType: CustomerType;
  /** ISO 8601 UTC, the tax point. */
  readonly at: string;
}

/** What the law of a place says about one sale, before our registrations and the customer's tax id come in. */
export interface TaxLaw {
  /** The country whose law it is: FR for Monaco. */
  readonly country: string;
  /** The most local jurisdiction: "PT-20", "US-TX", "FR". */
  readonly jurisdiction: string;
  readonly localDate: string;
  readonly inEu: boolean;
  readonly supply: 'goods' | 'services';
  readonly business: BusinessRule;
  readonly taxes: readonly ApplicableTax[];
  /** Why there is no tax, when `taxes` is empty. */
  readonly reason: string | null;
}

/**
 * The tax law of a place for one class, kind of customer and moment. A rate starts at local midnight of its jurisdiction.
 * @throws tax.country_not_served, tax.region_required, tax.data_missing
 */
export function taxLawFor(question: TaxQuestion): TaxLaw {
  const { country, region, postalCode } = question.place;
  if (country === 'US') return unitedStates(question, taxRegion(country, region) ?? '');
  if (country === 'CA') return canada(question, taxRegion(country, region) ?? '');
  const area = taxAreas.find((row) => row.code === country);
  const lawCountry = area?.country ?? country;
  if (euMemberStates.includes(lawCountry)) {
    const territory = area?.territory ?? territoryOfPostalCode(lawCountry, area === undefined ? postalCode : null);
    return memberState(question, lawCountry, territory);
  }
  return restOfWorld(question, lawCountry);
}

/** The territory with rules of its own that a postal code lies in, or null for the mainland and for no postal code. */
export function territoryOfPostalCode(country: string, postalCode: string | null): string | null {
  return euTerritories.find((row) => isIn(row, country, postalCode))?.territory ?? null;
}

type PostalArea = Pick<TerritoryRow, 'country' | 'postalPrefixes'>;

function isIn(area: PostalArea, country: string, postalCode: string | null): boolean {
  const code = (postalCode ?? '')
    .toUpperCase()
    .replace(/^[A-Z]{1,2}-(?=\d)/, '')
    .replace(/[\s-]/g, '');
  return area.country === country && area.postalPrefixes.some((prefix) => code.startsWith(prefix));
}

function memberState(question: TaxQuestion, country: string, territory: string | null): TaxLaw {
  const jurisdiction = territory ?? country;
  const date = dateIn(timeZones[jurisdiction] ?? timeZones[country], jurisdiction, question.at);
  const { category, supply } = classRule(question.taxClass, date);
  const law = { country, localDate: date, supply, business: 'self_assess', reason: null } as const;
  const vat = (where: string, rate: string, registration: string): ApplicableTax => ({
    jurisdiction: where,
    name: 'VAT',
    rate,
    baseShare: '1',
    registration,
  });
  if (territory !== null) {
    const rows = euTerritories.filter((row) => row.territory === territory);
    const row = found(rowOn(rows, date), jurisdiction, date);
    if (row.treatment.kind === 'outside')
      return { ...law, jurisdiction, inEu: false, taxes: [], reason: `${row.name} is outside the VAT area` };
    // The French overseas departments are in nobody's One-Stop Shop.
    const inEu = !taxAreas.some((area) => area.code === territory);
    return {
      ...law,
      jurisdiction,
      inEu,
      taxes: [vat(jurisdiction, row.treatment.rate, inEu ? country : territory)],
    };
  }
  const standard = found(
    rowOn(
      euStandardRates.filter((row) => row.country === country),
      date,
    ),
    country,
    date,
  );
  const ebook =
    category === 'ebook'
      ? rowOn(
          euEbookRates.filter((row) => row.country === country),
          date,
        )
      : null;
  return { ...law, jurisdiction, inEu: true, taxes: [vat(country, (ebook ?? standard).rate, country)] };
}

function restOfWorld(question: TaxQuestion, country: string): TaxLaw {
  const rows = worldRates.filter((row) => row.country === country);
  if (rows.length === 0) return fail('tax.country_not_served', `We do not sell to ${country}: no tax rule is on file`);
  const date = dateIn(timeZones[country], country, question.at);
  const row = found(rowOn(rows, date), country, date);
  const { category, supply } = classRule(question.taxClass, date);
  const law = { country, jurisdiction: country, localDate: date, inEu: false, supply } as const;
  switch (row.kind) {
    case 'not_sold':
      return fail('tax.country_not_served', `We do not sell to ${country}: ${row.reason}`);
    case 'untaxed':
      return { ...law, business: 'charged', taxes: [], reason: row.reason };
    case 'taxed': {
      const ebook =
        category === 'ebook'
          ? rowOn(
              worldEbookRates.filter((r) => r.country === country),
              date,
            )
          : null;
      const tax = {
        jurisdiction: country,
        name: row.name,
        rate: (ebook ?? row).rate,
        baseShare: '1',
        registration: country,
      };
      return inUnionForGoods({ ...law, business: row.business, taxes: [tax], reason: null }, question.place);
    }
  }
}

/** Goods to Northern Ireland are a sale inside the union at the rate of the United Kingdom. */
function inUnionForGoods(law: TaxLaw, place: TaxQuestion['place']): TaxLaw {
  const area = goodsTerritories.find(
    (row) => law.supply === 'goods' && holdsOn(row, law.localDate) && isIn(row, law.country, place.postalCode),
  );
  if (area === undefined) return law;
  const jurisdiction = area.territory;
  const taxes = law.taxes.map((tax) => ({ ...tax, jurisdiction, registration: jurisdiction }));
  return { ...law, jurisdiction, inEu: true, taxes };
}

function canada(question: TaxQuestion, province: string): TaxLaw {
  const jurisdiction = `CA-${province}`;
  const date = dateIn(timeZones[jurisdiction], jurisdiction, question.at);
  const rows = canadaRates.filter((row) => row.province === province && holdsOn(row, date));
  if (rows.length === 0) found(null, jurisdiction, date);
  const taxes = rows
    .filter((row) => !row.exempt.includes(question.taxClass))
    .map(({ name, rate }): ApplicableTax => {
      const registration = name === 'GST' || name === 'HST' ? 'CA' : jurisdiction;
      return { jurisdiction: name === 'GST' ? 'CA' : jurisdiction, name, rate, baseShare: '1', registration };
    });
  const { supply } = classRule(question.taxClass, date);
  return {
    country: 'CA',
    jurisdiction,
    localDate: date,
    inEu: false,
    supply,
    business: 'charged',
    taxes,
    reason: null,
  };
}

function unitedStates(question: TaxQuestion, state: string): TaxLaw {
  const jurisdiction = `US-${state}`;
  const date = dateIn(timeZones[jurisdiction], jurisdiction, question.at);
  const { taxClass, customerType } = question;
  const rules = usTaxability.filter(
    (row) => row.state === state && row.taxClass === taxClass && row.customer === customerType,
  );
  const rule = found(rowOn(rules, date), `${jurisdiction} ${taxClass}`, date);
  const base = found(
    rowOn(
      usStateRates.filter((row) => row.state === state),
      date,
    ),
    jurisdiction,
    date,
  );
  const { supply } = classRule(taxClass, date);
  const law = { country: 'US', jurisdiction, localDate: date, inEu: false, supply, business: 'charged' } as const;
  if (!rule.taxable)
    return { ...law, taxes: [], reason: `${state} does not tax ${taxClass} sold to a ${customerType}` };
  const rate = rule.rate ?? base.rate;
  const tax = { jurisdiction, name: 'Sales tax', rate, baseShare: rule.baseShare, registration: jurisdiction };
  return { ...law, taxes: [tax], reason: null };
}

function classRule(taxClass: TaxClass, date: string) {
  return found(
    rowOn(
      taxClassRules.filter((row) => row.taxClass === taxClass),
      date,
    ),
    taxClass,
    date,
  );
}

function dateIn(zone: string | undefined, jurisdiction: string, at: string): string {
  return localDate(at, zone ?? fail('tax.data_missing', `No time zone is on file for ${jurisdiction}`));
}

function found<Row extends DatedRow>(row: Row | null, what: string, date: string): Row {
  return row ?? fail('tax.data_missing', `No tax row is on file for ${what} on ${date}`);
}

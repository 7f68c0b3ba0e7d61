import isoCountries from 'i18n-iso-countries';
import { format } from 'prettier';
import { taxClasses } from '../../domain/catalog/catalog.ts';
import { formatMoney } from '../../domain/money/money.ts';
import { formatPercent, parseRate } from '../../domain/money/rate.ts';
import { canadaRates } from '../../domain/tax/data/canada.ts';
import { euTerritories, goodsTerritories, taxAreas } from '../../domain/tax/data/eu-territories.ts';
import { euEbookRates, euMemberStates, euStandardRates } from '../../domain/tax/data/eu-vat.ts';
import { registrations } from '../../domain/tax/data/registrations.ts';
import { nexusThresholds } from '../../domain/tax/data/us-nexus.ts';
import type { NexusThresholdRow } from '../../domain/tax/data/us-nexus.ts';
import { usStateRates, usStates } from '../../domain/tax/data/us-states.ts';
import { usTaxability } from '../../domain/tax/data/us-taxability.ts';
import type { UsTaxabilityRow } from '../../domain/tax/data/us-taxability.ts';
import { worldEbookRates, worldRates } from '../../domain/tax/data/world-vat.ts';
import type { DatedRow } from '../../domain/tax/dated-row.ts';
import { taxDataSeries } from '../../domain/tax/check-tax-data.ts';
import { ratesOn } from './rates-today.ts';

type Cells = readonly (readonly string[])[];

const percent = (rate: string) => formatPercent(parseRate(rate));
const registered = new Set(registrations.map((row) => row.key));
/** General knowledge is marked, so that nobody takes it for a source. */
const mark = (row: DatedRow) => (row.confidence === 'general_knowledge' ? ' \\*' : '');
const since = (row: DatedRow) => (row.validFrom <= '2020-01-01' ? '' : ` from ${row.validFrom}`);
const history = (rows: readonly (DatedRow & { readonly rate: string })[]) =>
  rows.map((row) => `${percent(row.rate)}${since(row)}${mark(row)}`).join(', ');

function table(head: readonly string[], rows: Cells): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const name = (country: string) => isoCountries.getName(country, 'en') ?? country;
const byCode = (a: string, b: string) => (a < b ? -1 : 1);

function europeanUnion(): string {
  const rows = [...euMemberStates].sort(byCode).map((country) => {
    const ebooks = euEbookRates.filter((row) => row.country === country);
    const standard = euStandardRates.filter((row) => row.country === country);
    return [country, name(country), history(standard), ebooks.length === 0 ? 'standard rate' : history(ebooks)];
  });
  const territories = euTerritories.map((row) => {
    const rule = row.treatment.kind === 'outside' ? 'no VAT' : `${percent(row.treatment.rate)}${since(row)}`;
    return [row.territory, row.name, row.country, row.postalPrefixes.join(', '), `${rule}${mark(row)}`];
  });
  const goods = goodsTerritories
    .map((row) => `${row.name} (${row.territory}: ${row.country}, ${row.postalPrefixes.join(', ')})${mark(row)}`)
    .join(', ');
  const areas = taxAreas.map((row) => `${row.code} as ${row.territory ?? row.country}`).join(', ');
  return [
    '## European Union\n',
    table(['Code', 'Country', 'Standard rate', 'E-books'], rows),
    '\nTerritories, found by postal code:\n',
    table(['Territory', 'Name', 'Of', 'Postal codes begin with', 'Rule'], territories),
    `\nCodes that are part of another tax area: ${areas}.\n`,
    `Inside the VAT area for goods only: ${goods}.\n`,
  ].join('\n');
}

function restOfWorld(): string {
  const countries = [...new Set(worldRates.map((row) => row.country))].sort(byCode);
  const rows = countries.map((country) => {
    const own = worldRates.filter((row) => row.country === country);
    const taxed = own.filter((row) => row.kind === 'taxed');
    const first = own[0];
    if (taxed.length === 0 && first !== undefined && first.kind !== 'taxed') {
      const what = first.kind === 'not_sold' ? 'not sold' : 'no tax';
      return [country, name(country), `${what}: ${first.reason}${mark(first)}`, '', ''];
    }
    const business = taxed[0]?.business === 'self_assess' ? 'accounts for it itself' : 'charged';
    return [country, name(country), history(taxed), business, registered.has(country) ? 'yes' : 'no'];
  });
  const ebooks = [...new Set(worldEbookRates.map((row) => row.country))]
    .map((country) => `${country} ${history(worldEbookRates.filter((row) => row.country === country))}`)
    .join('; ');
  return [
    '## Rest of the world\n',
    'One rate for every class of product; dates before the first row have no data and are refused.\n',
    table(['Code', 'Country', 'Rate', 'Business with a confirmed id', 'Registered'], rows),
    `\nE-books have a rate of their own in: ${ebooks}.\n`,
  ].join('\n');
}

function canada(): string {
  const provinces = [...new Set(canadaRates.map((row) => row.province))].sort(byCode);
  const rows = provinces.map((province) => {
    const own = canadaRates.filter((row) => row.province === province);
    const taxes = own.map((row) => `${row.name} ${percent(row.rate)}${since(row)}${mark(row)}`).join(', ');
    const exempt = own
      .filter((row) => row.exempt.length > 0)
      .map((row) => `${row.name}${since(row)}: ${row.exempt.join(', ')}`);
    return [province, taxes, exempt.join('; ')];
  });
  return ['## Canada\n', table(['Province', 'Taxes', 'Classes left out'], rows), ''].join('\n');
}

const latest = (rows: readonly UsTaxabilityRow[]) => rows.find((row) => row.validTo === null);

function usAnswer(rows: readonly UsTaxabilityRow[]): string {
  const answer = (row: UsTaxabilityRow | undefined) => {
    if (row === undefined || !row.taxable) return '–';
    const share = row.baseShare === '1' ? '' : ` on ${percent(row.baseShare)}`;
    return `${row.rate === null ? 'yes' : percent(row.rate)}${share}`;
  };
  const consumer = answer(latest(rows.filter((row) => row.customer === 'consumer')));
  const business = answer(latest(rows.filter((row) => row.customer === 'business')));
  return consumer === business ? consumer : `${consumer} / business ${business}`;
}

function unitedStates(): string {
  const rows = usStates.map((state) => [
    state,
    history(usStateRates.filter((row) => row.state === state)),
    registered.has(`US-${state}`) ? 'yes' : 'no',
    ...taxClasses.map((taxClass) =>
      usAnswer(usTaxability.filter((row) => row.state === state && row.taxClass === taxClass)),
    ),
  ]);
  return [
    '## United States\n',
    'State rates only: local rates need the street address, which a provider behind the `TaxEngine` port would bring.',
    'The answers are those in force now; digital classes are on file from 2024-01-01.\n',
    table(['State', 'Base rate', 'Registered', ...taxClasses], rows),
    '',
  ].join('\n');
}

function notServed(): string {
  const known = new Set([
    'US',
    'CA',
    ...euMemberStates,
    ...worldRates.map((r) => r.country),
    ...taxAreas.map((r) => r.code),
  ]);
  const codes = Object.keys(isoCountries.getAlpha2Codes()).filter((code) => !known.has(code));
  return `## Not served\n\nNo rule is on file, so an order is refused with \`tax.country_not_served\` (${codes.length}): ${codes.sort(byCode).join(', ')}.\n`;
}

const dataRows = taxDataSeries().flatMap((series) => series.rows);
/** Numbered, so that a table can name them in one cell. */
const sources = [...new Set(dataRows.map((row) => row.source))];
const sourceNumber = (row: DatedRow) => `${sources.indexOf(row.source) + 1}`;

/** The day on which the youngest row was checked: a page that is generated twice is the same page. */
const today =
  dataRows
    .map((row) => row.checkedOn)
    .sort(byCode)
    .at(-1) ?? '';

function rightNow(): string {
  const rows = ratesOn(today).map(({ jurisdiction, classes, rate, rows: from }) => {
    const numbers = [...new Set(from.map(sourceNumber))].join(', ');
    const oldest = from.map((row) => row.checkedOn).sort(byCode)[0] ?? '';
    const guessed = from.some((row) => row.confidence === 'general_knowledge');
    return [jurisdiction, classes, rate, numbers, guessed ? 'never' : oldest];
  });
  return [
    `## Rates on ${today}\n`,
    'One line per jurisdiction and rate. `Source` is the number in the last table; `never` is general knowledge.\n',
    table(['Jurisdiction', 'Classes', 'Rate today', 'Source', 'Checked on'], rows),
    '',
  ].join('\n');
}

function nexus(): string {
  const limb = (row: NexusThresholdRow) => {
    const limbs = [
      ...(row.amount === null ? [] : [formatMoney({ amount: row.amount, currency: 'USD' })]),
      ...(row.transactions === null ? [] : [`${row.transactions} sales`]),
    ];
    return `${limbs.length === 0 ? 'none' : limbs.join(row.limbs === 'both' ? ' and ' : ' or ')}${since(row)}${mark(row)}`;
  };
  const rows = usStates.map((state) => {
    const own = nexusThresholds.filter((row) => row.state === state);
    return [
      state,
      own.map(limb).join(', '),
      own.at(-1)?.period.replaceAll('_', ' ').replace('september', 'September') ?? '',
    ];
  });
  return [
    '## Economic nexus\n',
    'What makes a seller without a presence liable; `domain/tax/nexus.ts` warns at 80 %.\n',
    table(['State', 'Threshold', 'Counted over'], rows),
    '',
  ].join('\n');
}

function provenanceOfRows(): string {
  const rows = sources.map((source, at) => {
    const own = dataRows.filter((row) => row.source === source);
    const compared = own.filter((row) => row.confidence === 'source');
    const checked = compared.map((row) => row.checkedOn).sort(byCode)[0] ?? 'never';
    return [`${at + 1}`, source, `${own.length}`, checked];
  });
  return ['## Sources\n', table(['No.', 'Source', 'Rows', 'Checked on'], rows), ''].join('\n');
}

/** docs/tax-coverage.md, from the tables and nothing else. */
export async function renderCoverage(): Promise<string> {
  const text = [
    '# Tax coverage\n',
    'Written by `npx tsx dev/tax/write-coverage.ts` from `domain/tax/data`; a test fails when it is out of date.',
    'Engineering data, not tax advice. Rows marked \\* are general knowledge that nobody has compared with a source yet.',
    'Where we are not registered, no tax is charged. Dates are local: a rate starts at midnight there.\n',
    rightNow(),
    europeanUnion(),
    restOfWorld(),
    canada(),
    unitedStates(),
    nexus(),
    notServed(),
    provenanceOfRows(),
  ].join('\n');
  return format(text, { parser: 'markdown', printWidth: 120 });
}

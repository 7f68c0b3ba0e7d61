import { taxClasses } from '../../domain/catalog/catalog.ts';
import type { TaxClass } from '../../domain/catalog/catalog.ts';
import { formatPercent, parseRate } from '../../domain/money/rate.ts';
import { canadaRates } from '../../domain/tax/data/canada.ts';
import { euTerritories } from '../../domain/tax/data/eu-territories.ts';
import { euEbookRates, euMemberStates, euStandardRates } from '../../domain/tax/data/eu-vat.ts';
import { taxClassRules } from '../../domain/tax/data/tax-class-rules.ts';
import { usStateRates, usStates } from '../../domain/tax/data/us-states.ts';
import { usTaxability } from '../../domain/tax/data/us-taxability.ts';
import type { UsTaxabilityRow } from '../../domain/tax/data/us-taxability.ts';
import { worldEbookRates, worldRates } from '../../domain/tax/data/world-vat.ts';
import { holdsOn, rowOn } from '../../domain/tax/dated-row.ts';
import type { DatedRow } from '../../domain/tax/dated-row.ts';

/** What one jurisdiction charges today on some classes, and the rows that say so. */
export interface RateToday {
  readonly jurisdiction: string;
  readonly classes: string;
  readonly rate: string;
  readonly rows: readonly DatedRow[];
}

const percent = (rate: string) => formatPercent(parseRate(rate));
const ebookClasses = taxClassRules.filter((row) => row.category === 'ebook').map(({ taxClass }) => taxClass);
const all = 'all classes';
const others = 'all other classes';

function named(classes: readonly TaxClass[]): string {
  if (classes.length === taxClasses.length) return all;
  const left = taxClasses.filter((one) => !classes.includes(one));
  return left.length < 3 ? `all but ${left.join(', ')}` : classes.join(', ');
}

type EbookRow = DatedRow & { readonly rate: string };

/** A standard rate and, where there is one, what e-books pay instead. */
function withEbooks(jurisdiction: string, name: string, row: EbookRow, ebook: EbookRow | null): readonly RateToday[] {
  const rate = (of: EbookRow) => `${name} ${percent(of.rate)}`;
  if (ebook === null) return [{ jurisdiction, classes: all, rate: rate(row), rows: [row] }];
  return [
    { jurisdiction, classes: others, rate: rate(row), rows: [row] },
    { jurisdiction, classes: ebookClasses.join(', '), rate: rate(ebook), rows: [ebook] },
  ];
}

function europeanUnion(today: string): readonly RateToday[] {
  const rowOf = <Row extends DatedRow & { readonly country: string }>(rows: readonly Row[], country: string) =>
    rowOn(
      rows.filter((row) => row.country === country),
      today,
    );
  const states = euMemberStates.flatMap((country) => {
    const standard = rowOf(euStandardRates, country);
    return standard === null ? [] : withEbooks(country, 'VAT', standard, rowOf(euEbookRates, country));
  });
  const territories = euTerritories
    .filter((row) => holdsOn(row, today))
    .map((row) => ({
      jurisdiction: row.territory,
      classes: all,
      rate: row.treatment.kind === 'rate' ? `VAT ${percent(row.treatment.rate)}` : 'no VAT',
      rows: [row],
    }));
  return [...states, ...territories];
}

function restOfWorld(today: string): readonly RateToday[] {
  return worldRates
    .filter((row) => holdsOn(row, today))
    .flatMap((row) => {
      const { country: jurisdiction } = row;
      const ebooks = worldEbookRates.filter(({ country }) => country === jurisdiction);
      if (row.kind === 'taxed') return withEbooks(jurisdiction, row.name, row, rowOn(ebooks, today));
      return [{ jurisdiction, classes: all, rate: row.kind === 'untaxed' ? 'no tax' : 'not sold', rows: [row] }];
    });
}

function canada(today: string): readonly RateToday[] {
  return canadaRates
    .filter((row) => holdsOn(row, today))
    .map((row) => ({
      jurisdiction: `CA-${row.province}`,
      classes: named(taxClasses.filter((one) => !row.exempt.includes(one))),
      rate: `${row.name} ${percent(row.rate)}`,
      rows: [row],
    }));
}

const answerOf = ({ taxable, rate, baseShare, source }: UsTaxabilityRow) =>
  JSON.stringify([taxable, rate, baseShare, source]);

/** Classes of a state that answer alike; the kind of customer only where the two are answered differently. */
function unitedStates(today: string): readonly RateToday[] {
  return usStates.flatMap((state) => {
    const base = usStateRates.find((row) => row.state === state && holdsOn(row, today));
    const rows = usTaxability.filter((row) => row.state === state && holdsOn(row, today));
    const groups = new Map<string, { readonly row: UsTaxabilityRow; readonly who: string; classes: TaxClass[] }>();
    for (const row of rows) {
      const alike = rows.filter((one) => one.taxClass === row.taxClass && answerOf(one) === answerOf(row)).length > 1;
      if (alike && row.customer === 'business') continue;
      const who = alike ? '' : ` ${row.customer}`;
      const key = `${who} ${answerOf(row)}`;
      const classes = groups.get(key)?.classes ?? [];
      groups.set(key, { row, who, classes: [...classes, row.taxClass] });
    }
    return [...groups.values()].map(({ row, who, classes }) => {
      const share = row.baseShare === '1' ? '' : ` on ${percent(row.baseShare)}`;
      const rate = row.taxable ? `${percent(row.rate ?? base?.rate ?? '0')}${share}` : 'not taxed';
      const uses = row.taxable && row.rate === null && base !== undefined ? [base] : [];
      return { jurisdiction: `US-${state}${who}`, classes: named(classes), rate, rows: [...uses, row] };
    });
  });
}

/** Every jurisdiction with what it charges on a local date. */
export function ratesOn(today: string): readonly RateToday[] {
  return [...europeanUnion(today), ...restOfWorld(today), ...canada(today), ...unitedStates(today)];
}

import type { Db } from 'mongodb';
import { legalEntities } from '../../domain/invoice/legal-entity.ts';
import { parseAccount } from '../../domain/ledger/chart-of-accounts.ts';
import { assertAmount } from '../../domain/money/money.ts';
import { taxSchemes } from '../../domain/tax-report/data/filing-rules.ts';
import type { TaxScheme } from '../../domain/tax-report/data/filing-rules.ts';
import { periodOfDate } from '../../domain/tax-report/filing-period.ts';
import { reportEntries } from '../../domain/tax-report/report-entry.ts';
import { tallyOfReports, tallyUp } from '../../domain/tax-report/tax-report.ts';
import type { Tally } from '../../domain/tax-report/tax-report.ts';
import { createDocumentJournal } from '../invoice/document-journal.ts';
import type { DocumentJournal } from '../invoice/document-journal.ts';
import { createLedgerService } from '../ledger/ledger-service.ts';
import { canonicalHash } from '../store/canonical-hash.ts';
import { createFilingPeriodStore } from './filing-period-store.ts';
import { draftReturn, readDocuments } from './return-draft.ts';

export interface TaxBookProblem {
  /** The jurisdiction or the return that it is about. */
  readonly subject: string;
  readonly problem: string;
}

/**
 * Whether invoices and credit notes, returns and the ledger say the same of every tax: what is documented is booked as
 * payable per jurisdiction and currency; what is documented is in exactly one return or waits for the next; closed
 * returns are what was closed. Read only. An empty list is what it should be; while orders go on, a document may be
 * a moment ahead of its booking.
 * @param request.at ISO 8601 UTC
 */
export async function checkTaxBooks(
  { db }: { readonly db: Db },
  { at }: { readonly at: string },
): Promise<readonly TaxBookProblem[]> {
  const journal = createDocumentJournal({ db });
  const problems: TaxBookProblem[] = [];
  const documented = new Map<string, number>();
  for (const legalEntity of new Set(legalEntities.map(({ id }) => id))) {
    const tallies = await tallyDocuments(journal, { legalEntity, at, documented });
    for (const scheme of taxSchemes)
      problems.push(...(await compareReturns({ db, journal }, { scheme, legalEntity, at, expected: tallies[scheme] })));
  }
  return [...(await compareLedger(db, documented)), ...problems];
}

interface TallyRequest {
  readonly legalEntity: string;
  readonly at: string;
  /** Tax by jurisdiction and currency; added to. */
  readonly documented: Map<string, number>;
}

async function tallyDocuments(journal: DocumentJournal, { legalEntity, at, documented }: TallyRequest) {
  const tallies: Record<TaxScheme, Tally> = { oss: new Map(), us: new Map(), ca: new Map() };
  const upTo = await journal.marks(legalEntity, lastYearAt(at));
  for await (const document of readDocuments(journal, { legalEntity, after: {}, upTo })) {
    const sign = document.kind === 'invoice' ? 1 : -1;
    for (const { jurisdiction, amount } of document.taxes)
      addTo(documented, `${jurisdiction} ${document.currency}`, sign * amount);
    for (const scheme of taxSchemes) tallyUp(tallies[scheme], reportEntries(scheme, document));
  }
  return tallies;
}

/** Whatever moved a tax payable but its remittance: that is a matter between the ledger and the bank. */
async function compareLedger(db: Db, documented: ReadonlyMap<string, number>): Promise<readonly TaxBookProblem[]> {
  const booked = new Map<string, number>();
  const movements = await createLedgerService({ db }).movements({ accounts: ['tax_payable'], ...always });
  for (const { account, currency, kind, amount } of movements) {
    if (kind !== 'tax_remittance') addTo(booked, `${parseAccount(account)?.owner ?? account} ${currency}`, -amount);
  }
  return [...new Set([...documented.keys(), ...booked.keys()])].sort().flatMap((key) => {
    const [papers, ledger] = [documented.get(key) ?? 0, booked.get(key) ?? 0];
    if (papers === ledger) return [];
    return [{ subject: key, problem: `invoices and credit notes say ${papers}, the ledger ${ledger}` }];
  });
}

interface ReturnsRequest {
  readonly scheme: TaxScheme;
  readonly legalEntity: string;
  readonly at: string;
  readonly expected: Tally;
}

async function compareReturns(
  { db, journal }: { readonly db: Db; readonly journal: DocumentJournal },
  { scheme, legalEntity, at, expected }: ReturnsRequest,
): Promise<readonly TaxBookProblem[]> {
  const onFile = await createFilingPeriodStore({ db }).list({ legalEntity, scheme });
  const closed = onFile
    .flatMap((one) => (one.closed === null ? [] : [{ ...one.closed, period: one.period, order: one.order }]))
    .sort((a, b) => (a.order < b.order ? -1 : 1));
  const altered = closed
    .filter(({ report, sha256 }) => canonicalHash(report) !== sha256)
    .map(({ period }) => ({ subject: `${scheme}/${period}`, problem: 'the closed return is not what was closed' }));
  const period = periodOfDate(scheme, at.slice(0, 10));
  const open = await draftReturn(journal, {
    ...{ period, legalEntity, closings: closed, lastYear: lastYearAt(at) },
    firstPeriod: onFile[0]?.period ?? period.period,
    settledUpTo: closed.at(-1)?.settledUpTo ?? {},
  });
  const returned = tallyOfReports(closed.map(({ report }) => report));
  for (const tally of [open.tally, ...open.elsewhere.values()]) tallyUp(returned, tally.values());
  const lost = [...new Set([...expected.keys(), ...returned.keys()])].sort().flatMap((row) => {
    const [papers, returns] = [expected.get(row)?.amounts.tax ?? 0, returned.get(row)?.amounts.tax ?? 0];
    if (papers === returns) return [];
    return [
      { subject: `${scheme} ${row}`, problem: `invoices and credit notes say ${papers}, the returns ${returns}` },
    ];
  });
  return [...altered, ...lost];
}

const always = { from: '1970-01-01T00:00:00.000Z', to: '9999-12-31T00:00:00.000Z' } as const;

const lastYearAt = (at: string): number => Number(at.slice(0, 4)) + 1;

function addTo(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, assertAmount((sums.get(key) ?? 0) + amount));
}

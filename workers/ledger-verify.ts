import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { auditBook } from '../services/ledger/book-audit.ts';
import { createLedgerService } from '../services/ledger/ledger-service.ts';
import { createRecognitionScheduleStore } from '../services/revenue/recognition-schedule-store.ts';
import { createRevenueReport } from '../services/revenue/revenue-report.ts';
import { checkTaxBooks } from '../services/tax-report/check-tax-books.ts';
import { ConfigError, readDatabaseConfig } from './config.ts';

/** What is younger may be between two steps of its order and is not expected in the book yet. */
const inFlightMinutes = '15';

/**
 * `npm run ledger:verify [-- --json] [-- --in-flight-minutes N]`: checks the whole book of MONGODB_URI against its
 * sources, read only. Exit status 1 with the list of problems when there are any.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      'in-flight-minutes': { type: 'string', default: inFlightMinutes },
    },
  });
  const minutes = Number(values['in-flight-minutes']);
  if (!Number.isFinite(minutes) || minutes < 0)
    throw new ConfigError('--in-flight-minutes must be a number, 0 or more');
  const { uri, database } = readDatabaseConfig();
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    const settledBefore = new Date(Date.now() - minutes * 60_000).toISOString();
    const db = client.db(database);
    const audit = await auditBook({ db }, { settledBefore });
    const revenue = await auditRevenue(db);
    const taxes = await auditTaxes(db);
    const report = {
      ...audit,
      schedules: revenue.schedules,
      problems: [...audit.problems, ...revenue.problems, ...taxes],
    };
    const { entries, documents, payments, accounts, schedules, problems, unlisted } = report;
    if (values.json) console.log(JSON.stringify(report));
    else {
      for (const { subject, problem } of problems) console.log(`PROBLEM  ${subject}: ${problem}`);
      if (unlisted > 0) console.log(`PROBLEM  and ${unlisted} more`);
      console.log(
        `${entries} entries, ${documents} invoices and credit notes, ${payments} payments, ${schedules} recognition schedules, ${accounts} accounts`,
      );
      console.log(problems.length === 0 ? 'No problems.' : `${problems.length + unlisted} problems.`);
    }
    process.exitCode = problems.length === 0 ? 0 : 1;
  } finally {
    await client.close();
  }
}

/** Deferred revenue is what the recognition schedules say. A sale on its way may differ at the first look. */
async function auditRevenue(db: Db) {
  const revenue = createRevenueReport({
    store: createRecognitionScheduleStore(db),
    ledger: createLedgerService({ db }),
  });
  const first = await revenue.verify();
  const { schedules, differences } = first.differences.length === 0 ? first : await revenue.verify();
  const problems = differences.map(({ seller, currency, ...held }) => ({
    subject: `deferred_revenue/${seller}`,
    problem: `the schedules say ${held.schedules} ${currency}, the ledger ${held.ledger}`,
  }));
  return { schedules, problems };
}

/** Invoices, returns and ledger say the same of every tax. A document on its way may be ahead of its booking at the first look. */
async function auditTaxes(db: Db) {
  const at = new Date().toISOString();
  const first = await checkTaxBooks({ db }, { at });
  return first.length === 0 ? first : checkTaxBooks({ db }, { at });
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});

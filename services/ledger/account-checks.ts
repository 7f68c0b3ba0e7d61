import { isFailure } from '../../domain/failures.ts';
import { parseAccount } from '../../domain/ledger/chart-of-accounts.ts';
import { statementLine } from '../../domain/seller/statement.ts';
import type { AccountBalance, LedgerService } from './ledger-service.ts';

type Book = Pick<LedgerService, 'sums' | 'balances' | 'entries'>;
type Complain = (subject: string, texts: readonly string[]) => void;

const pageSize = 200;

/**
 * Currencies sum to zero, nothing is earned that was not deferred before, and what sellers are owed is what their
 * statements say. Answers how many accounts there are.
 */
export async function checkAccounts(ledger: Book, complain: Complain): Promise<number> {
  try {
    for (const { currency, sum } of await ledger.sums())
      if (sum !== 0) complain(currency, [`all accounts together come to ${sum}, not to 0`]);
    const balances = await ledger.balances();
    for (const row of balances) complain(row.account, await accountProblems(ledger, row));
    return balances.length;
  } catch (error) {
    // Amounts that cannot even be added up are a problem of the book, not of the audit.
    if (!isFailure(error)) throw error;
    complain('balances', [error.message]);
    return 0;
  }
}

async function accountProblems(ledger: Book, row: AccountBalance): Promise<readonly string[]> {
  const { account, currency, balance } = row;
  switch (parseAccount(account)?.kind) {
    case 'deferred_revenue':
      return balance > 0 ? [`${balance} ${currency} more was recognised than deferred`] : [];
    case 'customer_credit':
      return balance > 0 ? [`${balance} ${currency} more store credit was spent than given`] : [];
    case 'vendor_payable': {
      const owed = await statementBalance(ledger, row);
      const booked = 0 - balance;
      return owed === booked ? [] : [`the statement says ${owed} ${currency}, the ledger ${booked}`];
    }
    default:
      return [];
  }
}

/** What the seller's statement ends with, from the first entry on. */
async function statementBalance(ledger: Book, { account, currency }: AccountBalance): Promise<number> {
  const sellerId = parseAccount(account)?.owner ?? '';
  let owed = 0;
  let place = {};
  for (;;) {
    const page = await ledger.entries({ account, limit: pageSize, ...place });
    for (const entry of page) owed = statementLine(entry, { sellerId, currency, owed })?.balance ?? owed;
    const last = page.at(-1);
    if (last === undefined) return owed;
    place = { after: { at: last.at, fact: last.fact } };
  }
}

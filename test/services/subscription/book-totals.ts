import type { Db } from 'mongodb';
import { createLedgerService } from '../../../services/ledger/ledger-service.ts';

/** What customers owe us by the books, per currency, where it is not nothing: everything that was billed was settled. */
export async function bookTotals(db: Db): Promise<Readonly<Record<string, number>>> {
  const balances = await createLedgerService({ db }).balances({ account: 'customer_receivable' });
  return Object.fromEntries(
    balances.filter(({ balance }) => balance !== 0).map(({ currency, balance }) => [currency, balance]),
  );
}

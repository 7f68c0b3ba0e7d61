import type { Db } from 'mongodb';
import { facts } from '../../../domain/idempotency.ts';
import { createLedgerService } from '../../../services/ledger/ledger-service.ts';
import type { LedgerService } from '../../../services/ledger/ledger-service.ts';

/** What customers owe us by the books, per currency, where it is not nothing: everything that was billed was settled. */
export async function bookTotals(db: Db): Promise<Readonly<Record<string, number>>> {
  const balances = await createLedgerService({ db }).balances({ account: 'customer_receivable' });
  return Object.fromEntries(
    balances.filter(({ balance }) => balance !== 0).map(({ currency, balance }) => [currency, balance]),
  );
}

/** What the journal says that we paid of a bill because it was too little to be charged, minor units; 0: nothing. */
export async function waivedOf(ledger: Pick<LedgerService, 'find'>, order: string): Promise<number> {
  const entry = await ledger.find(facts.smallBalance(order));
  return entry?.postings.find(({ account }) => account === 'bad_debts')?.amount ?? 0;
}

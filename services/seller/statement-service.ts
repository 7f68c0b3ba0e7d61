import { fail } from '../../domain/failures.ts';
import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import { ledgerAccount } from '../../domain/ledger/chart-of-accounts.ts';
import type { JournalEntry } from '../../domain/ledger/journal-entry.ts';
import { statementLine, statementTotals } from '../../domain/seller/statement.ts';
import type { StatementLine, StatementTotals } from '../../domain/seller/statement.ts';
import { statementNotes } from '../../domain/seller/statement-wording.ts';
import type { StatementNote } from '../../domain/seller/statement-wording.ts';
import type { Seller } from '../../domain/seller/seller.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { SellerService } from './seller-service.ts';

/** Half open, ISO 8601 UTC; one statement per currency. */
export interface StatementPeriod {
  readonly from: string;
  readonly to: string;
  readonly currency: string;
}

export interface SellerStatement extends StatementPeriod {
  readonly seller: Pick<Seller, 'id' | 'name' | 'addressLines' | 'country' | 'taxId'>;
  readonly issuer: { readonly name: string; readonly country: string; readonly taxId: string };
  readonly notes: readonly StatementNote[];
  /** Minor units, positive what we owe; closing = opening + earned + settled. */
  readonly opening: number;
  readonly lines: readonly StatementLine[];
  readonly totals: StatementTotals;
  readonly closing: number;
}

export interface StatementService {
  /** @throws seller.not_found, seller.statement_too_long, invoice.legal_entity_missing */
  statement(sellerId: string, period: StatementPeriod): Promise<SellerStatement>;
}

const pageSize = 1_000;
/** A statement is answered in one piece. */
const longestStatement = 50_000;

/** What a seller is owed and why, read from the ledger alone: the sums of a statement are balances of the book. */
export function createStatementService({
  ledger,
  sellers,
}: {
  readonly ledger: Pick<LedgerService, 'balances' | 'entries'>;
  readonly sellers: Pick<SellerService, 'get'>;
}): StatementService {
  /** Every entry that touches the account in the period, page by page. */
  async function* entriesOf(account: string, { from, to }: StatementPeriod): AsyncGenerator<JournalEntry> {
    let after: { at: string; fact: string } | undefined;
    for (;;) {
      const place = after === undefined ? {} : { after };
      const page = await ledger.entries({ account, from, to, limit: pageSize, ...place });
      yield* page;
      const last = page.at(-1);
      if (page.length < pageSize || last === undefined) return;
      after = { at: last.at, fact: last.fact };
    }
  }

  return {
    async statement(sellerId, period) {
      const { from, to, currency } = period;
      const seller = await sellers.get(sellerId);
      const account = ledgerAccount('vendor_payable', sellerId);
      const before = await ledger.balances({ account, before: from });
      const opening = 0 - (before.find((row) => row.currency === currency)?.balance ?? 0);
      const lines: StatementLine[] = [];
      for await (const entry of entriesOf(account, period)) {
        const line = statementLine(entry, { sellerId, currency, owed: lines.at(-1)?.balance ?? opening });
        if (line !== null) lines.push(line);
        if (lines.length > longestStatement)
          fail('seller.statement_too_long', `more than ${longestStatement} entries: choose a shorter period`);
      }
      const { id, name, addressLines, country, taxId } = seller;
      const entity = legalEntityAt(to);
      return {
        ...{ seller: { id, name, addressLines, country, taxId }, from, to, currency },
        issuer: { name: entity.name, country: entity.country, taxId: entity.taxId },
        notes: statementNotes(seller, period),
        ...{ opening, lines },
        totals: statementTotals(lines),
        closing: lines.at(-1)?.balance ?? opening,
      };
    },
  };
}

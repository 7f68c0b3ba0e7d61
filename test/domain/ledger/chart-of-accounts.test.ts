import { describe, expect, it } from '@jest/globals';
import {
  chartOfAccounts,
  isAccountOrKind,
  isLedgerAccount,
  ledgerAccount,
  parseAccount,
} from '../../../domain/ledger/chart-of-accounts.ts';
import { journalEntryKinds } from '../../../domain/ledger/journal-entry.ts';

describe('the chart of accounts', () => {
  it('has these accounts, and never loses one: every entry that was written names them', () => {
    expect(Object.entries(chartOfAccounts).map(([kind, { per, normal }]) => `${kind}/${per ?? ''} ${normal}`)).toEqual([
      'customer_receivable/ debit',
      'customer_credit/ credit',
      'gateway_clearing/gateway debit',
      'cash/ debit',
      'revenue/seller credit',
      'deferred_revenue/seller credit',
      'refunds/seller debit',
      'chargebacks/seller debit',
      'tax_payable/jurisdiction credit',
      'gateway_fees/gateway debit',
      'gateway_fees_payable/gateway credit',
      'vendor_share/seller debit',
      'vendor_payable/seller credit',
      'bad_debts/ debit',
      'rounding/ debit',
      'currency_exchange/ debit',
    ]);
    for (const { description } of Object.values(chartOfAccounts)) expect(description).toMatch(/^[A-Z].{10}/);
  });

  it('has entries of these kinds, and never loses one', () => {
    expect(journalEntryKinds).toEqual([
      'sale',
      'refund',
      'refund_settlement',
      'recognition',
      'chargeback',
      'fee',
      'gateway_payout',
      'vendor_payout',
      'tax_remittance',
      'write_off',
      'reversal',
    ]);
  });

  it('names an account by its kind and its owner', () => {
    expect(ledgerAccount('cash')).toBe('cash');
    expect(ledgerAccount('tax_payable', 'CA-QC')).toBe('tax_payable/CA-QC');
    expect(parseAccount('cash')).toEqual({ kind: 'cash', owner: null });
    expect(parseAccount('tax_payable/CA-QC')).toEqual({ kind: 'tax_payable', owner: 'CA-QC' });
  });

  it.each(['petty_cash', '', 'revenue', 'revenue/', 'revenue/a/b', 'cash/x', 'cash/', 'toString', 'Revenue/a'])(
    'has no account "%s"',
    (name) => {
      expect(parseAccount(name)).toBeNull();
      expect(isLedgerAccount(name)).toBe(false);
    },
  );

  it('can be asked for an account or for a kind of them', () => {
    expect(['cash', 'revenue', 'revenue/a', 'petty_cash', 'cash/a', 'revenue/a/b'].map(isAccountOrKind)).toEqual([
      ...[true, true, true],
      ...[false, false, false],
    ]);
  });
});

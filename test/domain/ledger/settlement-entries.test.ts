import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../../../domain/ledger/journal-entry.ts';
import {
  gatewayFeeEntry,
  gatewayPayoutEntry,
  taxRemittanceEntry,
  vendorPayoutEntry,
  writeOffEntry,
} from '../../../domain/ledger/settlement-entries.ts';

const at = '2027-01-20T09:00:00.000Z';
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const postings = (entry: JournalEntry) =>
  entry.postings.map(({ account, amount, currency }) => `${account} ${amount} ${currency}`);

describe('settling', () => {
  it("a gateway's payout clears what it took and pays the fees that it kept", () => {
    const entry = gatewayPayoutEntry({
      gateway: 'acme',
      payoutId: 'po_1',
      currency: 'EUR',
      gross: 10_000,
      fees: 140,
      at,
    });
    expect(entry).toMatchObject({
      fact: 'gateway/acme/payout/po_1',
      kind: 'gateway_payout',
      at,
      memo: 'Payout po_1 of acme',
    });
    expect(postings(entry)).toEqual([
      'cash 9860 EUR',
      'gateway_fees_payable/acme 140 EUR',
      'gateway_clearing/acme -10000 EUR',
    ]);
  });

  it('a fee of its own is a cost that the next payout keeps back', () => {
    const entry = gatewayFeeEntry({ gateway: 'acme', feeId: '2027-01', fee: eur(2500), at });
    expect(entry).toMatchObject({ fact: 'gateway/acme/fee/2027-01', kind: 'fee', memo: 'Fee 2027-01 of acme' });
    expect(postings(entry)).toEqual(['gateway_fees/acme 2500 EUR', 'gateway_fees_payable/acme -2500 EUR']);
  });

  it('a seller is paid what was owed', () => {
    const entry = vendorPayoutEntry({ sellerId: 'books', payoutId: 'po_7', paid: eur(8470), at });
    expect(entry).toMatchObject({ fact: 'seller/books/payout/po_7', kind: 'vendor_payout', memo: 'Payout po_7' });
    expect(postings(entry)).toEqual(['vendor_payable/books 8470 EUR', 'cash -8470 EUR']);
  });

  it('tax is remitted in the currency of the sales, and what the return rounds stands apart', () => {
    const entry = taxRemittanceEntry({
      ...{ jurisdiction: 'US-TX', filing: '2027-01', at },
      ...{
        collected: { amount: 82_549, currency: 'USD' },
        declared: { amount: 82_549, currency: 'USD' },
        paid: 82_500,
      },
    });
    expect(entry).toMatchObject({
      ...{ fact: 'tax/US-TX/remittance/2027-01', kind: 'tax_remittance', memo: 'Return 2027-01 of US-TX' },
    });
    expect(postings(entry)).toEqual(['tax_payable/US-TX 82549 USD', 'rounding -49 USD', 'cash -82500 USD']);
  });

  it('tax is remitted in another currency over the exchange account, each currency balanced', () => {
    const entry = taxRemittanceEntry({
      ...{ jurisdiction: 'DE', filing: '2026-Q4', at },
      ...{ collected: { amount: 10_000, currency: 'USD' }, declared: eur(9_200), paid: 9_200 },
    });
    expect(postings(entry)).toEqual([
      'tax_payable/DE 10000 USD',
      'currency_exchange -10000 USD',
      'currency_exchange 9200 EUR',
      'cash -9200 EUR',
    ]);
  });

  it('a debt that nobody will pay is a loss', () => {
    const entry = writeOffEntry({ orderId: 'o', lost: eur(466), at });
    expect(entry).toMatchObject({ fact: 'order/o/write-off', kind: 'write_off', memo: 'Debt of order o written off' });
    expect(postings(entry)).toEqual(['bad_debts 466 EUR', 'customer_receivable -466 EUR']);
  });
});

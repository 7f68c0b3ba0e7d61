import { facts } from '../idempotency.ts';
import type { Money } from '../money/money.ts';
import { ledgerAccount } from './chart-of-accounts.ts';
import { assertBalanced, postingsOf } from './journal-entry.ts';
import type { JournalEntry } from './journal-entry.ts';

/**
 * A gateway pays out what it took for us, less the fees that it keeps.
 * @param payout.gross what leaves the clearing account, minor units; @param payout.fees kept of it
 */
export function gatewayPayoutEntry(payout: {
  readonly gateway: string;
  readonly payoutId: string;
  readonly currency: string;
  readonly gross: number;
  readonly fees: number;
  readonly at: string;
}): JournalEntry {
  const { gateway, payoutId, currency, gross, fees, at } = payout;
  return assertBalanced({
    fact: facts.gatewayPayout(gateway, payoutId),
    kind: 'gateway_payout',
    at,
    postings: postingsOf(currency, [
      [ledgerAccount('cash'), gross - fees],
      [ledgerAccount('gateway_fees_payable', gateway), fees],
      [ledgerAccount('gateway_clearing', gateway), -gross],
    ]),
    memo: `Payout ${payoutId} of ${gateway}`,
  });
}

/** A fee that no single sale carries: a month's minimum, a terminal, a correction of what was estimated. */
export function gatewayFeeEntry(charged: {
  readonly gateway: string;
  readonly feeId: string;
  readonly fee: Money;
  readonly at: string;
}): JournalEntry {
  const { gateway, feeId, fee, at } = charged;
  return assertBalanced({
    fact: facts.gatewayFee(gateway, feeId),
    kind: 'fee',
    at,
    postings: postingsOf(fee.currency, [
      [ledgerAccount('gateway_fees', gateway), fee.amount],
      [ledgerAccount('gateway_fees_payable', gateway), -fee.amount],
    ]),
    memo: `Fee ${feeId} of ${gateway}`,
  });
}

/** What we owed a seller and have paid. */
export function vendorPayoutEntry(payout: {
  readonly sellerId: string;
  readonly payoutId: string;
  readonly paid: Money;
  readonly at: string;
}): JournalEntry {
  const { sellerId, payoutId, paid, at } = payout;
  return assertBalanced({
    fact: facts.vendorPayout(sellerId, payoutId),
    kind: 'vendor_payout',
    at,
    postings: postingsOf(paid.currency, [
      [ledgerAccount('vendor_payable', sellerId), paid.amount],
      [ledgerAccount('cash'), -paid.amount],
    ]),
    memo: `Payout ${payoutId}`,
  });
}

/**
 * Tax that was collected and is now paid to its jurisdiction. Where the return is in another currency than the sales,
 * each currency balances over the exchange account; what the return rounds away is booked as rounding.
 * @param remittance.collected what leaves the payable, minor units
 * @param remittance.declared the same by the return, in its currency, before it rounds
 * @param remittance.paid what left the bank, in the currency of `declared`
 */
export function taxRemittanceEntry(remittance: {
  readonly jurisdiction: string;
  readonly filing: string;
  readonly collected: Money;
  readonly declared: Money;
  readonly paid: number;
  readonly at: string;
}): JournalEntry {
  const { jurisdiction, filing, collected, declared, paid, at } = remittance;
  const exchange = ledgerAccount('currency_exchange');
  const exchanged = collected.currency !== declared.currency;
  const settled = exchanged
    ? postingsOf(collected.currency, [
        [ledgerAccount('tax_payable', jurisdiction), collected.amount],
        [exchange, -collected.amount],
      ])
    : [];
  const due = exchanged ? exchange : ledgerAccount('tax_payable', jurisdiction);
  return assertBalanced({
    fact: facts.taxRemittance(jurisdiction, filing),
    kind: 'tax_remittance',
    at,
    postings: [
      ...settled,
      ...postingsOf(declared.currency, [
        [due, declared.amount],
        [ledgerAccount('rounding'), paid - declared.amount],
        [ledgerAccount('cash'), -paid],
      ]),
    ],
    memo: `Return ${filing} of ${jurisdiction}`,
  });
}

/** A debt that the customer of an order will not pay any more. */
export function writeOffEntry(debt: {
  readonly orderId: string;
  readonly lost: Money;
  readonly at: string;
}): JournalEntry {
  const { orderId, lost, at } = debt;
  return assertBalanced({
    fact: facts.writeOff(orderId),
    kind: 'write_off',
    at,
    postings: postingsOf(lost.currency, [
      [ledgerAccount('bad_debts'), lost.amount],
      [ledgerAccount('customer_receivable'), -lost.amount],
    ]),
    memo: `Debt of order ${orderId} written off`,
  });
}

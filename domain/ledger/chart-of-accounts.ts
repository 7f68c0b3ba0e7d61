/** The side on which an account grows; contra accounts stand on the other side of what they reduce. */
export type NormalSide = 'debit' | 'credit';

interface AccountDefinition {
  readonly normal: NormalSide;
  /** What there is one account per; null: a single one. */
  readonly per: 'seller' | 'gateway' | 'jurisdiction' | null;
  readonly description: string;
}

/**
 * The chart of accounts. A name is the account's kind and, where there is one account per something, its owner:
 * "revenue/seller_default". Names are permanent, because every entry ever written holds them; new ones are added.
 * Balances are signed, debit positive, in the currency of each posting.
 */
export const chartOfAccounts = {
  customer_receivable: {
    normal: 'debit',
    per: null,
    description: 'What customers owe us: raised by a sale, settled by its payment',
  },
  customer_credit: {
    normal: 'credit',
    per: null,
    description: 'What customers may still buy with: refunds and plan changes that became store credit',
  },
  gateway_clearing: {
    normal: 'debit',
    per: 'gateway',
    description: 'What a gateway took for us and has not paid out, before its fees',
  },
  cash: { normal: 'debit', per: null, description: 'Our bank accounts' },
  revenue: { normal: 'credit', per: 'seller', description: 'Net sales that were earned; tax is never revenue' },
  deferred_revenue: {
    normal: 'credit',
    per: 'seller',
    description: 'Net sales that are paid and not yet earned: recognised day by day',
  },
  refunds: {
    normal: 'debit',
    per: 'seller',
    description: 'Net given back (contra revenue): kept apart, so that gross sales stay visible',
  },
  chargebacks: { normal: 'debit', per: 'seller', description: 'Net lost to disputes (contra revenue)' },
  tax_payable: {
    normal: 'credit',
    per: 'jurisdiction',
    description: 'Tax collected for a jurisdiction and not yet remitted to it',
  },
  gateway_fees: { normal: 'debit', per: 'gateway', description: 'What a gateway charges for its work (expense)' },
  gateway_fees_payable: {
    normal: 'credit',
    per: 'gateway',
    description: 'Fees that a gateway has earned and not yet kept back from a payout',
  },
  vendor_share: {
    normal: 'debit',
    per: 'seller',
    description: "The seller's part of what we sold as principal (cost of sales)",
  },
  vendor_payable: { normal: 'credit', per: 'seller', description: 'What we owe a seller: accrued, not yet paid out' },
  bad_debts: { normal: 'debit', per: null, description: 'Receivables that nobody will pay (expense)' },
  rounding: { normal: 'debit', per: null, description: 'What returns and payouts round away' },
  currency_exchange: {
    normal: 'debit',
    per: null,
    description: 'What was exchanged: the two currencies of one exchange, at cost',
  },
} as const satisfies Record<string, AccountDefinition>;

export type AccountKind = keyof typeof chartOfAccounts;
type OwnedKind = {
  [Kind in AccountKind]: (typeof chartOfAccounts)[Kind]['per'] extends null ? never : Kind;
}[AccountKind];

/** The account of its kind: `ledgerAccount('cash')`, `ledgerAccount('revenue', sellerId)`. */
export function ledgerAccount(kind: Exclude<AccountKind, OwnedKind>): string;
export function ledgerAccount(kind: OwnedKind, owner: string): string;
export function ledgerAccount(kind: AccountKind, owner?: string): string {
  return owner === undefined ? kind : `${kind}/${owner}`;
}

/** null: no account of the chart. */
export function parseAccount(name: string): { readonly kind: AccountKind; readonly owner: string | null } | null {
  const [kind = '', owner, ...more] = name.split('/');
  if (!isAccountKind(kind) || more.length > 0) return null;
  if (chartOfAccounts[kind].per === null) return owner === undefined ? { kind, owner: null } : null;
  return owner === undefined || owner === '' ? null : { kind, owner };
}

/** True for a name that the chart of accounts allows. */
export function isLedgerAccount(name: string): boolean {
  return parseAccount(name) !== null;
}

function isAccountKind(text: string): text is AccountKind {
  return Object.hasOwn(chartOfAccounts, text);
}

/** True for an account and for a kind of accounts: "revenue/acme" and "revenue". */
export function isAccountOrKind(name: string): boolean {
  return isAccountKind(name) || isLedgerAccount(name);
}

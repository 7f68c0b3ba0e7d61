import { MongoClient } from 'mongodb';
import { auditBook } from '../../services/ledger/book-audit.ts';
import type { PartnerWorld } from '../system/partner-world.ts';
import type { LedgerRow, WaybillApi } from '../system/waybill-api.ts';

export interface BookCheck {
  readonly balance: boolean;
  readonly problems: readonly string[];
  /** What the partners hold for us, per gateway and currency, in minor units. */
  readonly held: readonly { readonly gateway: string; readonly currency: string; readonly amount: number }[];
}

/**
 * The books are right when every currency sums to 0, every entry agrees with its source, and what the ledger says that
 * the gateways hold for us is what they say themselves: captured less refunded.
 */
export async function checkBooks(deps: {
  readonly api: WaybillApi;
  readonly world: PartnerWorld;
  readonly records: { readonly uri: string; readonly database: string };
  /** ISO 8601; what is younger may still be on its way into the book. Absent: now. */
  readonly settledBefore?: string;
}): Promise<BookCheck> {
  const [rows, payments, audited] = await Promise.all([
    deps.api.balances(),
    deps.world.payments(),
    audit(deps.records, deps.settledBefore ?? new Date().toISOString()),
  ]);
  const booked = total(rows.flatMap(clearingOf));
  const held = total(
    payments.map(({ acquirer, currency, captured, refunded }) => {
      return { key: `${acquirer} ${currency}`, amount: captured - refunded };
    }),
  );
  const keys = [...new Set([...booked.keys(), ...held.keys()])].sort();
  const problems = [
    ...rows.flatMap((row) => ('sum' in row && row.sum !== 0 ? [`${row.currency} sums to ${row.sum}, not to 0`] : [])),
    ...keys.flatMap((key) => {
      const [ours, theirs] = [booked.get(key) ?? 0, held.get(key) ?? 0];
      return ours === theirs ? [] : [`${key}: the ledger says ${ours}, the gateway holds ${theirs}`];
    }),
    ...(rows.length === 0 ? ['the ledger is empty'] : []),
    ...audited.map(({ subject, problem }) => `${subject}: ${problem}`),
  ];
  return {
    balance: problems.length === 0,
    problems,
    held: keys.map((key) => {
      const [gateway = '', currency = ''] = key.split(' ');
      return { gateway, currency, amount: held.get(key) ?? 0 };
    }),
  };
}

/** Every entry against its order, payment, invoice and credit note: what `npm run ledger:verify` does. */
async function audit({ uri, database }: { readonly uri: string; readonly database: string }, settledBefore: string) {
  const client = await MongoClient.connect(uri, { serverSelectionTimeoutMS: 5_000 });
  try {
    return (await auditBook({ db: client.db(database) }, { settledBefore })).problems;
  } finally {
    await client.close();
  }
}

const clearing = 'gateway_clearing/';

function clearingOf(row: LedgerRow): { readonly key: string; readonly amount: number }[] {
  if (!('account' in row) || !row.account.startsWith(clearing)) return [];
  return [{ key: `${row.account.slice(clearing.length)} ${row.currency}`, amount: row.balance }];
}

function total(parts: readonly { readonly key: string; readonly amount: number }[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { key, amount } of parts) totals.set(key, (totals.get(key) ?? 0) + amount);
  return new Map([...totals].filter(([, amount]) => amount !== 0));
}

import { facts } from '../../domain/idempotency.ts';
import { smallBalanceEntry } from '../../domain/ledger/small-balance-entry.ts';
import { money } from '../../domain/money/money.ts';
import type { OrderId } from '../../domain/ids.ts';
import { mayWaiveChange, smallBalance } from '../../domain/subscription/small-balance.ts';
import type { OpenBill, Subscription } from '../../domain/subscription/subscription.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import type { StoreCreditService } from '../store-credit/store-credit-service.ts';

export interface SmallBalanceDeps {
  readonly payments: Pick<PaymentService, 'leastCharge'>;
  readonly ledger: Pick<LedgerService, 'post'>;
  readonly storeCredit: Pick<StoreCreditService, 'grant' | 'spend'>;
}

type Payer = Pick<Subscription, 'payment' | 'backupPayment' | 'currency'>;

/** Credit that was given for one bill: kept apart, so that nothing else is bought with it between its two movements. */
export function smallBalanceHolder({ id }: Pick<Subscription, 'id'>): string {
  return `small-balance/${id}`;
}

export type SmallBalances = ReturnType<typeof createSmallBalances>;

/** What is left to charge and too small for it (docs/adr/0026-a-small-balance-is-waived.md). */
export function createSmallBalances({ payments, ledger, storeCredit }: SmallBalanceDeps) {
  /** How much of what is due would be waived, minor units: all or nothing of it. Writes nothing. */
  function of({ payment, backupPayment, currency }: Payer, due: number, at: string): number {
    const methods = [payment, backupPayment].flatMap((one) => one?.method ?? []);
    return smallBalance(
      due,
      methods.map((method) => payments.leastCharge({ method, currency, at })),
    );
  }

  return {
    of,

    /** The same of what a change costs, which is waived only now and then. */
    ofChange: (known: Payer & Pick<Subscription, 'waivedChangeAt'>, due: number, at: string): number =>
      mayWaiveChange(known.waivedChangeAt, at) ? of(known, due, at) : 0,

    /**
     * Pays for the order with what was waived of its bill: journal, grant and spend, each unique by the order.
     * Repeatable. Returns how much that was, minor units; 0: nothing was waived.
     * @throws ledger.conflict, store_credit.conflict when the bill says another amount than before
     */
    async pay(
      subscription: Pick<Subscription, 'id' | 'currency'>,
      orderId: OrderId,
      { waived = 0 }: Pick<OpenBill, 'waived'>,
      at: string,
    ): Promise<number> {
      if (waived === 0) return 0;
      const { currency } = subscription;
      const moved = { holder: smallBalanceHolder(subscription), currency, at };
      await ledger.post(smallBalanceEntry({ orderId, waived: money(waived, currency), at }));
      await storeCredit.grant({ ...moved, amount: waived, key: facts.smallBalance(orderId) });
      return storeCredit.spend({ ...moved, upTo: waived, key: facts.sale(orderId) });
    },
  };
}

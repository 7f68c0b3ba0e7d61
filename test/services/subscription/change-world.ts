import type { Db } from 'mongodb';
import { cardChargeLimits } from '../../../domain/money/data/charge-limits.ts';
import { createRetryGovernor } from '../../../services/dunning/retry-governor.ts';
import { billingDocuments } from '../../../services/invoice/invoice-store.ts';
import { createChargePace } from '../../../services/payment/charge-pace.ts';
import { createPaymentService } from '../../../services/payment/payment-service.ts';
import { createPaymentStore } from '../../../services/payment/payment-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { subscriptionHolder } from '../../../services/subscription/bill-credits.ts';
import { anyAmount, createInProcessAcquirer } from '../refund/in-process-acquirer.ts';
import { at as placedAt } from '../refund/refund-fixture.ts';
import type { Agreed, Currency, Plan } from './change-model.ts';
import { openSubscriptions } from './subscription-fixture.ts';
import { waivedOf } from './book-totals.ts';

export type ChangeWorld = Awaited<ReturnType<typeof openChangeWorld>>;
export type SubscriptionInPlay = Awaited<ReturnType<ChangeWorld['begin']>>;

/** Plans of one product, the free one among them, and of another; by the month and by the year. */
const priceList: readonly Plan[] = [
  ...[plan('small', 'small', { EUR: 999, JPY: 303, KWD: 3_330 }), plan('free', 'small', { EUR: 0, JPY: 0, KWD: 0 })],
  plan('team', 'small', { EUR: 2_450, JPY: 801, KWD: 8_205 }, 'exclusive'),
  plan('large', 'large', { EUR: 4_999, JPY: 1_597, KWD: 16_005 }, 'exclusive'),
  plan('small_year', 'small', { EUR: 9_990, JPY: 2_999, KWD: 33_335 }, 'inclusive', 'year'),
  plan('large_year', 'large', { EUR: 49_990, JPY: 15_999, KWD: 160_001 }, 'exclusive', 'year'),
];

function plan(
  price: string,
  product: string,
  amounts: Plan['amounts'],
  taxBehavior: Plan['taxBehavior'] = 'inclusive',
  interval: Plan['interval'] = 'month',
): Plan {
  return { price, product, amounts, taxBehavior, interval };
}

/** What is on offer; where periods follow the calendar, the same under names of their own. */
export function plansOf(followsCalendar: boolean): readonly Plan[] {
  if (!followsCalendar) return priceList;
  return priceList.map((one) => ({ ...one, price: `calendar_${one.price}`, product: `calendar_${one.product}` }));
}

/** The real services on one database, money moves at the sandbox's acquirer without the wire. */
export async function openChangeWorld(db: Db) {
  const acquirer = createInProcessAcquirer();
  const payments = createPaymentService({
    store: createPaymentStore(db),
    gateways: { acquirer_a: acquirer.gateway },
    profiles: [{ ...anyAmount, limits: cardChargeLimits }],
    returnUrl: (orderId) => `https://shop.test/${orderId}`,
    chargeGuard: createRetryGovernor(db),
    chargePace: createChargePace(db, 1_000),
  });
  const shop = await openSubscriptions(db, { payments });
  for (const followsCalendar of [false, true])
    for (const { price, product, interval, taxBehavior, amounts } of plansOf(followsCalendar)) {
      const scheme = (currency: Currency) => ({ scheme: { type: 'per_unit', amount: amounts[currency] } });
      const currencyOptions = { JPY: scheme('JPY'), KWD: scheme('KWD') };
      const recurring = { interval, ...(followsCalendar ? { align: 'calendar' } : {}) };
      await shop.sellRecurring(price, amounts.EUR, { product, taxBehavior, currencyOptions }, recurring);
    }
  const documents = collectionOf(db, billingDocuments);
  let begun = 0;

  /** What the journal says that we paid of a bill because it was too little to be charged. */
  const waived = (order: string) => waivedOf(shop.ledger, order);

  return {
    ...shop,

    /** A subscription of a customer of its own. @param sold.at ISO 8601 UTC; null: when every order is placed */
    async begin(sold: { readonly agreed: Agreed; readonly currency: Currency; readonly at: string | null }) {
      begun += 1;
      const { agreed, currency, at } = sold;
      const customer = {
        ...{ id: `cus_${begun}`, email: `customer${begun}@example.com`, name: 'Ada Example' },
        ...{ country: 'DE', ipCountry: 'DE', cardCountry: 'DE', timeZone: 'UTC' },
      };
      const line = { price: agreed.plan.price, quantity: agreed.quantity };
      const begin = at ?? placedAt;
      const { id, sourceOrder } = await shop.subscribe([line], { at: begin, currency, customer });
      const orders = new Set([sourceOrder]);
      return {
        ...{ id, currency, begunAt: begin },
        record: () => shop.records.require(id),
        credit: () => shop.storeCredit.balance(subscriptionHolder({ id }), currency),
        /** An order that billed it. */
        billed: (order: string) => void orders.add(order),
        /** What the acquirer holds of an order, whatever we believe. */
        captured: (order: string) => total(acquirer.book.list(order).map((one) => one.captured - one.refunded)),
        waived,
        /** Of all its orders: what was invoiced, credited, captured and waived. */
        async totals() {
          const ids = [...orders];
          const found = await documents.find({ orderId: { $in: ids } }).toArray();
          const gross = (kind: string) => total(found.filter((one) => one.document.kind === kind).map(grossOf));
          const captured = total(
            ids.flatMap((order) => acquirer.book.list(order)).map((one) => one.captured - one.refunded),
          );
          const small = await Promise.all(ids.map(waived));
          return { invoiced: gross('invoice'), credited: gross('credit_note'), captured, waived: total(small) };
        },
      };
    },
  };
}

const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);
const grossOf = ({ document }: { readonly document: { readonly gross: number } }): number => document.gross;

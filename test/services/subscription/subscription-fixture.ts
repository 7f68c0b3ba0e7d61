import type { Db } from 'mongodb';
import { usageTermsOf } from '../../../domain/usage/usage-terms.ts';
import { priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { messages as messagesCollection } from '../../../services/messages/message-store.ts';
import { ordersCollection } from '../../../services/order/order-store.ts';
import type { OrderDocument } from '../../../services/order/order-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { createSubscriptions } from '../../../services/subscription/create-subscriptions.ts';
import type {
  ChangePreview,
  CommandAnswer,
  CommandRequest,
  SubscriptionChange,
} from '../../../services/subscription/subscription-steps.ts';
import { createSubscriptionStore } from '../../../services/subscription/subscription-store.ts';
import type { SubscriptionDocument } from '../../../services/subscription/subscription-store.ts';
import { createBusinessTaxIdRecheck } from '../../../services/tax/business-tax-id-recheck.ts';
import { createUsageService } from '../../../services/usage/usage-service.ts';
import type { GivenParts } from '../order/order-fixture.ts';
import { openRefunds } from '../refund/refund-fixture.ts';

export type SubscriptionsUnderTest = Awaited<ReturnType<typeof openSubscriptions>>;

export const monthly = { interval: 'month', count: 1 };

/**
 * The subscription's steps over every service that they stand on, on a real database, and a driver that does what the
 * workflow does: waits, takes the step that is due, and never asks twice at a time.
 */
export async function openSubscriptions(db: Db, given: GivenParts = {}) {
  const shop = await openRefunds(db, given);
  const records = createSubscriptionStore(db);
  const usage = createUsageService({
    db,
    subscriptions: { usageTerms: async (ids) => (await records.byIds(ids)).map(usageTermsOf) },
    tell: () => Promise.resolve(),
  });
  const steps = createSubscriptions({
    ...shop,
    db,
    store: records,
    orders: shop.store,
    fulfilment: shop.orders,
    businessTaxIds: createBusinessTaxIdRecheck({ taxes: shop.taxes, db }),
    usage,
  });
  let asked = 0;

  async function run(id: string, until: string): Promise<SubscriptionDocument> {
    for (let turns = 0; turns < 500; turns += 1) {
      const { nextActionAt } = await records.require(id);
      if (nextActionAt === null || nextActionAt > until) break;
      const { step, wakeAt } = await steps.agenda(id, nextActionAt);
      const at = wakeAt ?? until;
      if (step === 'act') await steps.act(id, at);
      else await steps.collect(id, at);
    }
    return records.require(id);
  }

  return {
    ...shop,
    records,
    usage,
    steps,
    run,

    /** A recurring price in EUR, tax included, of a product that is delivered as a licence. */
    async sellRecurring(price: string, amount: number, change: object = {}, recurring: object = {}): Promise<void> {
      const product = { name: price, taxClass: 'saas', delivery: [{ method: 'license' }] };
      await shop.catalog.putProduct(price, productInputSchema.parse(product));
      const body = {
        ...{ product: price, currency: 'EUR', taxBehavior: 'inclusive', scheme: { type: 'per_unit', amount } },
        ...{ recurring: { ...monthly, ...recurring }, ...change },
      };
      await shop.catalog.putPrice(price, priceInputSchema.parse(body), '2026-01-01T00:00:00.000Z');
    },

    /** A paid order of these prices and the subscription that it began. */
    async subscribe(
      lines: readonly { readonly price: string; readonly quantity: number }[],
      { at, ...change }: { readonly at: string } & Record<string, unknown>,
    ): Promise<SubscriptionDocument> {
      const order = await shop.paidOrder(lines, change, at);
      const [id = ''] = await steps.openFromOrder(order.id, at);
      return records.require(id);
    },

    async command(subscription: string, request: CommandRequest, at: string): Promise<CommandAnswer> {
      asked += 1;
      const commandId = `cmd_${subscription}_${asked}`;
      await steps.recordCommand({ commandId, subscriptionId: subscription, request }, at);
      return (await steps.command(commandId, at)).answer;
    },

    preview(subscription: string, change: SubscriptionChange, at: string): Promise<ChangePreview> {
      asked += 1;
      return steps.preview(subscription, { previewId: `prv_${subscription}_${asked}`, change }, at);
    },

    /** Orders that billed it, the oldest first, without the one that sold it. */
    bills: (subscription: string): Promise<OrderDocument[]> =>
      collectionOf(db, ordersCollection)
        .find({ 'billing.subscription': subscription, 'billing.reason': { $ne: 'purchase' } })
        .sort({ createdAt: 1 })
        .toArray(),

    /** Templates of the messages about it, in the order in which they were written down. */
    async told(subscription: string): Promise<readonly string[]> {
      const found = await collectionOf(db, messagesCollection).find({ 'data.subscription': subscription }).toArray();
      return found
        .sort((one, other) => one.queuedAt.getTime() - other.queuedAt.getTime())
        .map(({ template }) => template);
    },
  };
}

/** A change at once of the only item. */
export const now = (change: Partial<SubscriptionChange>): SubscriptionChange => ({
  ...{ item: null, price: null, quantity: null, when: 'now', proration: 'prorate' },
  ...change,
});

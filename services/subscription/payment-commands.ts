import { fail } from '../../domain/failures.ts';
import { termsIn } from '../../domain/pricing/price-in-currency.ts';
import { convertTrial, extendTrial } from '../../domain/subscription/trial.ts';
import type { TrialChange } from '../../domain/subscription/trial.ts';
import type { SubscriptionItem } from '../../domain/subscription/subscription.ts';
import type { CatalogService } from '../catalog/catalog-service.ts';
import type { OrderStore } from '../order/order-store.ts';
import type { BillCollection } from './bill-collection.ts';
import { answerOf, carriedOut } from './command-answer.ts';
import type { Commanded, CommandMoment } from './command-answer.ts';
import type { CycleOpening } from './cycle-opening.ts';
import type { SubscriptionNotices } from './subscription-notices.ts';
import type { CommandRequest } from './subscription-steps.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface PaymentCommandDeps {
  readonly store: SubscriptionStore;
  readonly orders: Pick<OrderStore, 'require'>;
  readonly catalog: Pick<CatalogService, 'getPrices'>;
  readonly cycles: CycleOpening;
  readonly collection: BillCollection;
  readonly notices: SubscriptionNotices;
}

/** A customer may press the button so often with one card; a new card begins anew (what-users-hit 4.3: Polar). */
const mostCustomerTries = 5;

type Request<Kind extends CommandRequest['kind']> = Extract<CommandRequest, { readonly kind: Kind }>;

export type PaymentCommands = ReturnType<typeof createPaymentCommands>;

/** What the customer pays with, and when the first charge comes. */
export function createPaymentCommands(deps: PaymentCommandDeps) {
  const { store, orders, catalog, cycles, collection, notices } = deps;

  /** The customer is there: the open bill is tried once more, beside the schedule. */
  async function tryNow(known: SubscriptionDocument, { commandId, at }: CommandMoment): Promise<Commanded> {
    const bill = known.openBill ?? fail('subscription.nothing_unpaid');
    const mine = bill.command === commandId;
    // A round that is under way is looked at, never charged beside.
    if (bill.lookAt !== null || (mine && !bill.offSession))
      return answerOf(await collection.collect(known, at), bill.order);
    // A repeat after a crash: the try was answered, and its record says so.
    if (mine) {
      const declineClass = known.dunning?.declineClass ?? 'vague';
      return { answer: { kind: 'declined', order: bill.order, declineClass, declineCode: '' }, subscription: known };
    }
    const asked = await store.update(known, { openBill: { ...bill, offSession: false, command: commandId } });
    return answerOf(await collection.collect(asked, at), bill.order);
  }

  return {
    async paymentMethod(
      known: SubscriptionDocument,
      request: Request<'payment_method'>,
      command: CommandMoment,
    ): Promise<Commanded> {
      const { method, token, backup } = request;
      const card = { method, token };
      const isKept = [known.payment, known.backupPayment].some((one) => one?.method === method && one.token === token);
      const forgiven = known.dunning === null || isKept ? {} : { dunning: { ...known.dunning, customerAttempts: 0 } };
      const kept = await store.update(known, {
        ...(backup ? { backupPayment: card } : { payment: card }),
        ...forgiven,
      });
      const unpaid = kept.dunning !== null && kept.openBill !== null;
      return unpaid ? tryNow(kept, command) : { answer: { kind: 'done', order: null }, subscription: kept };
    },

    async retryPayment(known: SubscriptionDocument, command: CommandMoment): Promise<Commanded> {
      if (known.openBill === null) fail('subscription.nothing_unpaid');
      if (known.payment === null) fail('subscription.method_required');
      if ((known.dunning?.customerAttempts ?? 0) >= mostCustomerTries) fail('subscription.too_many_tries');
      return tryNow(known, command);
    },

    async extendTrial(
      known: SubscriptionDocument,
      request: Request<'extend_trial'>,
      { commandId, at }: CommandMoment,
    ): Promise<Commanded> {
      const trial = { startedAt: known.period.start, endsAt: runningTrial(known), at };
      const trialEnd = allowed(extendTrial(trial, request.trialEnd));
      const { anchor, period } = known;
      const longer = { trialEnd, anchor: { ...anchor, at: trialEnd }, period: { ...period, end: trialEnd } };
      const planned = notices.plan({ ...known, ...longer }, await orders.require(known.sourceOrder), at);
      return carriedOut(store, known, { commandId, changes: { ...longer, notices: planned }, at: trialEnd });
    },

    async convertTrial(known: SubscriptionDocument, { commandId, at }: CommandMoment): Promise<Commanded> {
      if (known.openBill?.command === commandId)
        return answerOf(await collection.collect(known, at), known.openBill.order);
      if (known.openBill !== null) fail('subscription.bill_open');
      const trial = { startedAt: known.period.start, endsAt: runningTrial(known), at };
      allowed(convertTrial({ ...trial, hasMethod: known.payment !== null }));
      const opened = await cycles.onRequest(known, { command: commandId, at, follows: 'trial' });
      return answerOf(await collection.collect(opened, at), opened.openBill?.order ?? '');
    },

    async addItems(
      known: SubscriptionDocument,
      request: Request<'add_items'>,
      { commandId }: CommandMoment,
    ): Promise<Commanded> {
      const prices = await catalog.getPrices(request.items.map(({ price }) => price));
      const added = request.items.map(({ price: id, quantity }, index): SubscriptionItem => {
        const price = prices.get(id) ?? refuse('catalog.price_unknown', index, `there is no price "${id}"`);
        if (price.recurring !== null) refuse('subscription.change_invalid', index, 'recurs; an add-on is paid once');
        const terms =
          termsIn(price, known.currency) ??
          refuse('price.currency_not_sold', index, `is not sold in ${known.currency}`);
        const once = { usage: 'licensed', meter: null, recurring: null, oneOff: true } as const;
        return { id: `${commandId}/${index + 1}`, price: id, product: price.product, quantity, ...once, terms };
      });
      const changes = { items: [...known.items, ...added] };
      return carriedOut(store, known, { commandId, changes, at: known.period.end });
    },
  };
}

function runningTrial({ status, trialEnd }: SubscriptionDocument): string | null {
  return status === 'trialing' ? trialEnd : null;
}

function allowed(change: TrialChange): string {
  return change.kind === 'allowed' ? change.trialEnd : fail(change.code, change.message);
}

function refuse(code: Parameters<typeof fail>[0], index: number, message: string): never {
  return fail(code, message, [{ path: `items[${index}].price`, message }]);
}

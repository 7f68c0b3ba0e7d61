import type { Db } from 'mongodb';
import type { CatalogService } from '../catalog/catalog-service.ts';
import type { DeliveryService } from '../delivery/delivery-service.ts';
import type { InvoiceService } from '../invoice/invoice-service.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { MessageService } from '../messages/message-service.ts';
import type { OrderService } from '../order/order-service.ts';
import type { OrderStore } from '../order/order-store.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import type { QuoteService } from '../pricing/quote-service.ts';
import type { RefundService } from '../refund/refund-service.ts';
import type { RevenueService } from '../revenue/revenue-service.ts';
import type { StoreCreditService } from '../store-credit/store-credit-service.ts';
import type { BusinessTaxIdRecheck } from '../tax/business-tax-id-recheck.ts';
import type { UsageService } from '../usage/usage-service.ts';
import { createBillCollection } from './bill-collection.ts';
import { createBillCredits } from './bill-credits.ts';
import { createBillSettlement } from './bill-settlement.ts';
import { createChangeCommands } from './change-commands.ts';
import { createCommandStore } from './command-store.ts';
import { createCycleOpening } from './cycle-opening.ts';
import { createLifecycleCommands } from './lifecycle-commands.ts';
import { createNoticeSending } from './notice-sending.ts';
import { createSubscriptionOpening } from './open-from-order.ts';
import { createPaymentCommands } from './payment-commands.ts';
import { createPlanChanges } from './plan-change.ts';
import { createSmallBalances } from './small-balances.ts';
import { createSubscriptionAccess } from './subscription-access.ts';
import { createSubscriptionBills } from './subscription-bills.ts';
import { createSubscriptionCommands } from './subscription-commands.ts';
import { createSubscriptionDunning } from './subscription-dunning.ts';
import { createSubscriptionEnding } from './subscription-ending.ts';
import { createSubscriptionMessages } from './subscription-messages.ts';
import { createSubscriptionNotices } from './subscription-notices.ts';
import { createSubscriptionPauses } from './subscription-pause.ts';
import { createSubscriptionSteps, createSubscriptionTurns } from './subscription-service.ts';
import type { SubscriptionStore } from './subscription-store.ts';

export interface SubscriptionDeps {
  readonly db: Db;
  readonly store: SubscriptionStore;
  /** The records of orders, and the service that books them. */
  readonly orders: OrderStore;
  readonly fulfilment: Pick<OrderService, 'settleBill' | 'recordEvent'>;
  readonly catalog: Pick<CatalogService, 'getPrices' | 'getCoupons'>;
  readonly quotes: Pick<QuoteService, 'quotePeriod'>;
  readonly businessTaxIds: BusinessTaxIdRecheck;
  readonly payments: Pick<PaymentService, 'collect' | 'void' | 'find' | 'leastCharge'>;
  readonly storeCredit: StoreCreditService;
  readonly deliveries: Pick<DeliveryService, 'suspend' | 'restore' | 'revoke'>;
  readonly invoices: InvoiceService;
  readonly ledger: LedgerService;
  readonly revenue: Pick<RevenueService, 'credit'>;
  readonly refunds: Pick<RefundService, 'requestRefund'>;
  readonly messages: Pick<MessageService, 'queue'>;
  readonly usage: Pick<UsageService, 'bill' | 'usedBetween'>;
}

/** The subscription's steps with everything they are made of (subscription-steps.ts). */
export function createSubscriptions(deps: SubscriptionDeps) {
  const { db, store, orders } = deps;
  const messages = createSubscriptionMessages(deps);
  const notices = createSubscriptionNotices();
  const access = createSubscriptionAccess(deps.deliveries);
  const credits = createBillCredits(deps);
  const bills = createSubscriptionBills({ ...deps, credits });
  const smallBalances = createSmallBalances(deps);
  const parts = { ...deps, messages, notices, access, bills, credits, smallBalances };
  const settlement = createBillSettlement(parts);
  const dunning = createSubscriptionDunning(parts);
  const cycles = createCycleOpening(parts);
  const collection = createBillCollection({ ...parts, settlement, dunning });
  const ending = createSubscriptionEnding({ ...parts, settlement, dunning });
  const pauses = createSubscriptionPauses({ ...parts, cycles });
  const changes = createPlanChanges(parts);
  const commandStore = createCommandStore(db);
  const work = { ...parts, cycles, collection };
  const commands = createSubscriptionCommands({
    ...{ store, orders, commands: commandStore },
    changes: createChangeCommands({ ...work, commands: commandStore, changes }),
    lifecycle: createLifecycleCommands({ ...work, changes }),
    payment: createPaymentCommands(work),
  });
  const turns = createSubscriptionTurns({ ...work, dunning, ending, pauses, notices: createNoticeSending(parts) });
  return createSubscriptionSteps({ store, turns, commands, opening: createSubscriptionOpening(parts) });
}

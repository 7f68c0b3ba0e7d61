import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Db } from 'mongodb';
import type { OrderView } from '../../clients/http/order-view.ts';
import { deliveriesCollection } from '../../services/delivery/delivery-store.ts';
import { downloadGrantsCollection } from '../../services/delivery/download-grant-store.ts';
import { licensePoolKeysCollection } from '../../services/delivery/license-pool-store.ts';
import { licensesCollection } from '../../services/delivery/license-store.ts';
import { billingDocuments } from '../../services/invoice/invoice-store.ts';
import { auditBook } from '../../services/ledger/book-audit.ts';
import { journalEntries } from '../../services/ledger/ledger-store.ts';
import { messages } from '../../services/messages/message-store.ts';
import { ordersCollection } from '../../services/order/order-store.ts';
import { paymentsCollection } from '../../services/payment/payment-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';
import type { OrderOutcome } from '../../workflows/order/order.contract.ts';
import type { PlacedOrder } from './customers.ts';
import type { Shop } from './shop.ts';

/** How a workflow ended, and what in its history should not be there. */
export interface WorkflowEnd {
  readonly status: string;
  readonly outcome: OrderOutcome | null;
  readonly events: number;
  /** Causes of failed workflow tasks: a worker that dies makes none, code that is wrong does. */
  readonly taskFailures: readonly string[];
}

export interface OrderTruth {
  readonly placed: PlacedOrder;
  readonly view: OrderView;
  readonly workflow: WorkflowEnd;
}

export type World = Awaited<ReturnType<typeof readWorld>>;

/** Everything that the invariants look at, read once after the dust has settled: partners, API, records, Temporal. */
export async function readWorld(
  { shop, db, client }: { readonly shop: Shop; readonly db: Db; readonly client: Client },
  placed: readonly PlacedOrder[],
) {
  const [payments, mails, accounts, balances] = await Promise.all([
    shop.world.payments(),
    shop.world.mails(),
    shop.world.accounts(),
    shop.balances(),
  ]);
  const all = <Document extends { readonly _id: string }>(spec: Parameters<typeof collectionOf<Document>>[1]) =>
    collectionOf(db, spec).find({}).toArray();
  const orders: OrderTruth[] = [];
  for (const one of placed)
    orders.push({ placed: one, view: await shop.read(one.id), workflow: await endOf(client, one.id) });
  return {
    orders,
    payments,
    mails,
    accounts,
    balances,
    book: await auditBook({ db }, { settledBefore: new Date().toISOString() }),
    deliveries: await all(deliveriesCollection),
    licenses: await all(licensesCollection),
    poolKeys: await all(licensePoolKeysCollection),
    grants: await all(downloadGrantsCollection),
    documents: await all(billingDocuments),
    messages: await all(messages),
    journal: await all(journalEntries),
    orderRecords: await all(ordersCollection),
    paymentRecords: await all(paymentsCollection),
    recordedOrders: await db.collection('orders').countDocuments(),
    openWorkflows: await countOpen(client),
  };
}

async function endOf(client: Client, orderId: string): Promise<WorkflowEnd> {
  const handle = client.workflow.getHandle<() => Promise<OrderOutcome>>(orderWorkflowId(orderId));
  const { status } = await handle.describe();
  const history = await handle.fetchHistory();
  const events = history.events ?? [];
  return {
    status: status.name,
    outcome: status.name === 'COMPLETED' ? await handle.result() : null,
    events: events.length,
    taskFailures: events.flatMap(({ workflowTaskFailedEventAttributes: failed }) => {
      if (failed == null) return [];
      const cause = proto.temporal.api.enums.v1.WorkflowTaskFailedCause[failed.cause ?? 0] ?? 'unknown';
      return harmlessCauses.includes(cause) ? [] : [`${cause}: ${failed.failure?.message ?? ''}`];
    }),
  };
}

/** A signal or update came while the task was being finished: the task is done again, nothing is wrong. */
const harmlessCauses: readonly string[] = ['WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND'];

async function countOpen(client: Client): Promise<number> {
  const { count } = await client.workflow.count(`WorkflowType = 'orderWorkflow' AND ExecutionStatus = 'Running'`);
  return count;
}

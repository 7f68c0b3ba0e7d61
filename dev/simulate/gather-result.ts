import type { Order } from '../../domain/order/order.ts';
import { billingDocuments } from '../../services/invoice/invoice-store.ts';
import { messages as messagesCollection } from '../../services/messages/message-store.ts';
import { ordersCollection } from '../../services/order/order-store.ts';
import { paymentsCollection } from '../../services/payment/payment-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import { findProblems } from './find-problems.ts';
import type { Simulation } from './open-simulation.ts';
import type { PlayedScenario } from './play-scenario.ts';

interface TimelineRow {
  readonly at: string;
  readonly subject: string;
  readonly event: string;
}

interface DocumentRow {
  readonly number: string;
  readonly at: string;
  readonly kind: 'invoice' | 'credit_note';
  readonly order: string;
  readonly subscription?: string;
  readonly periodStart?: string;
  readonly periodEnd?: string;
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  readonly currency: string;
  readonly lines: readonly object[];
}

interface PaymentRow {
  readonly at: string;
  readonly subject: string;
  readonly amount: number;
  readonly status: string;
  readonly declineCode?: string;
  readonly attempt: number;
}

interface MessageRow {
  readonly at: string;
  readonly to: string;
  readonly channel: string;
  readonly template: string;
  readonly subject: string | null;
  readonly order: string;
}

/** What `npm run simulate -- --json` prints. Amounts are minor units. */
export interface SimulationResult {
  readonly timeline: readonly TimelineRow[];
  readonly invoices: readonly DocumentRow[];
  readonly payments: readonly PaymentRow[];
  readonly messages: readonly MessageRow[];
  /** As GET /v1/subscriptions/{id} shows them, with the name of the step that made them. */
  readonly subscriptions: readonly object[];
  readonly ledger: readonly object[];
  /** Every broken invariant and every step that was not answered as the scenario wants; none is success. */
  readonly problems: readonly string[];
}

/** Reads everything back, through the API where it shows it and from the records elsewhere, oldest first. */
export async function gatherResult(simulation: Simulation, played: PlayedScenario): Promise<SimulationResult> {
  const { api, dependencies } = simulation;
  const { db } = dependencies;
  const orders = await collectionOf(db, ordersCollection).find().sort({ createdAt: 1 }).toArray();
  const byId = new Map(orders.map((order) => [order.id, order]));
  const messages = await readMessages(simulation);
  return {
    timeline: timelineOf(orders, messages, played),
    invoices: await readDocuments(simulation, byId),
    payments: await readPayments(simulation),
    messages,
    subscriptions: await readSubscriptions(simulation, played),
    ledger: (await api.balances()).filter((row) => 'account' in row),
    problems: await findProblems(simulation, played),
  };
}

function timelineOf(
  orders: readonly Order[],
  messages: readonly MessageRow[],
  { steps }: PlayedScenario,
): readonly TimelineRow[] {
  return [
    ...steps.map(({ at, event }) => ({ at, subject: 'scenario', event })),
    ...orders.flatMap(({ id, timeline }) => timeline.map(({ at, event }) => ({ at, subject: id, event }))),
    ...messages.map(({ at, order, template }) => ({ at, subject: order, event: `mail: ${template}` })),
  ].sort((one, other) => one.at.localeCompare(other.at));
}

async function readDocuments(
  { dependencies: { db } }: Simulation,
  orders: ReadonlyMap<string, Order>,
): Promise<readonly DocumentRow[]> {
  const records = await collectionOf(db, billingDocuments).find().toArray();
  return records
    .map(({ document }): DocumentRow => {
      const { number, issuedAt: at, kind, orderId, net, tax, gross, currency, lines } = document;
      const billing = orders.get(orderId)?.billing ?? null;
      const period =
        billing === null
          ? {}
          : { subscription: billing.subscription, periodStart: billing.periodStart, periodEnd: billing.periodEnd };
      return { number, at, kind, order: orderId, ...period, net, tax, gross, currency, lines };
    })
    .sort((one, other) => one.at.localeCompare(other.at));
}

async function readPayments({ dependencies: { db } }: Simulation): Promise<readonly PaymentRow[]> {
  const records = await collectionOf(db, paymentsCollection).find().toArray();
  return records
    .flatMap(({ orderId, amount, attempts }) =>
      attempts.map(({ at, status, declineCode, attempt }): PaymentRow => {
        const declined = declineCode === null ? {} : { declineCode };
        return { at, subject: orderId, amount, status, ...declined, attempt };
      }),
    )
    .sort((one, other) => one.at.localeCompare(other.at));
}

async function readMessages({ dependencies: { db } }: Simulation): Promise<readonly MessageRow[]> {
  const records = await collectionOf(db, messagesCollection).find().sort({ queuedAt: 1 }).toArray();
  return records.map(({ queuedAt, recipient: to, channel, template, subject, orderId: order }) => {
    return { at: queuedAt.toISOString(), to, channel, template, subject, order };
  });
}

async function readSubscriptions({ api }: Simulation, { names }: PlayedScenario): Promise<readonly object[]> {
  const shown: object[] = [];
  for (const [name, { subscription }] of names.entries()) {
    if (subscription === null) continue;
    const { body } = await api.call(`/subscriptions/${subscription}`);
    shown.push({ name, ...(typeof body === 'object' ? body : {}) });
  }
  return shown;
}

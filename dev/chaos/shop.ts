import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { OrderView } from '../../clients/http/order-view.ts';
import { orderAnswer } from '../../clients/http/order-view.ts';
import type { JsonAnswer } from '../system/json-call.ts';
import { createPartnerWorld } from '../system/partner-world.ts';
import type { System } from '../system/start-system.ts';
import { createWaybillApi } from '../system/waybill-api.ts';
import type { ChaosProduct, OrderKind } from './order-kinds.ts';
import type { PlannedOrder } from './plan.ts';

/** The world as its people see it: the shop's API and the partners' pages. Never the worker. */
export type Shop = ReturnType<typeof createShop>;

const problemSchema = z.object({ code: z.string() });

/** Longer than a command may take whose worker was killed twice. */
const patienceMs = 300_000;

/** An answer of the API that is not what the caller wants; what to make of it is the caller's. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
}

export function createShop(system: Pick<System, 'api' | 'apiKey' | 'sandbox' | 'inbox'>) {
  const api = createWaybillApi(system);
  return {
    world: createPartnerWorld(system),

    async stock(poolSize: number): Promise<void> {
      for (const name of ['chaos-guide.txt', 'chaos-book.txt'])
        await api.put(`/files/${name}`, Buffer.from(`The content of ${name}.`));
      for (const [id, product] of Object.entries(products(poolSize))) {
        await api.put(`/products/${productId(id)}`, product);
        for (const [currency, amount] of Object.entries(amounts)) {
          await api.put(`/prices/${priceId(id, currency)}`, {
            product: productId(id),
            currency,
            taxBehavior: currency === 'USD' ? 'exclusive' : 'inclusive',
            scheme: { type: 'per_unit', amount },
          });
        }
      }
    },

    /** The same key until it is answered: what a caller does whose connection broke. */
    async place(seed: number, order: PlannedOrder): Promise<OrderView> {
      const body = orderBody(seed, order);
      const key = { 'idempotency-key': `chaos-${seed}-${order.name}` };
      return insist(`order ${order.name}`, async () => {
        const answer = await api.post('/orders', body, key);
        return answer.status === 202 ? orderAnswer.parse(answer.body) : refusalOf(answer);
      });
    },

    async read(orderId: string): Promise<OrderView> {
      return insist(`GET ${orderId}`, async () => {
        const answer = await api.call(`/orders/${orderId}`);
        return answer.status === 200 ? orderAnswer.parse(answer.body) : refusalOf(answer);
      });
    },

    /** null: done. What the API refuses for good is the answer. */
    async ask(orderId: string, verb: 'cancel' | 'review', body: object): Promise<Refusal | null> {
      const answer = await untilFinal(`${verb} ${orderId}`, () => api.post(`/orders/${orderId}/${verb}`, body));
      return answer.status < 300 ? null : refusalOf(answer);
    },

    /** A command of a subscription, with the same key until it is answered; a refusal is an answer. */
    command: (subscription: string, verb: string, body: object, key: string): Promise<JsonAnswer> =>
      untilFinal(`${verb} ${subscription}`, () =>
        api.post(`/subscriptions/${subscription}/${verb}`, body, { 'idempotency-key': key }),
      ),

    balances: api.balances,
  };
}

/** Asks again while something on our side fails, or the first of the same calls still runs. */
async function untilFinal(what: string, ask: () => Promise<JsonAnswer>): Promise<JsonAnswer> {
  const { final } = await insist(what, async () => {
    const answer = await ask();
    const refusal = refusalOf(answer);
    const passes = answer.status >= 500 || answer.status === 429 || refusal.code === 'idempotency.in_progress';
    return passes ? refusal : { final: answer };
  });
  return final;
}

/** Asks again while the answer is a refusal or none at all: the shop must not stay away for long. */
async function insist<Answer extends object | string>(
  what: string,
  ask: () => Promise<Answer | Refusal>,
): Promise<Answer> {
  const end = Date.now() + patienceMs;
  for (;;) {
    let reason: string;
    try {
      const answer = await ask();
      if (!isRefusal(answer)) return answer;
      reason = `${answer.status} ${answer.code}`;
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 429 && answer.status !== 409)
        throw new Error(`${what} was refused: ${reason}`);
    } catch (error) {
      if (error instanceof Error && error.message.includes('was refused')) throw error;
      reason = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() > end) throw new Error(`${what} was not answered for ${patienceMs / 60_000} minutes: ${reason}`);
    await sleep(500);
  }
}

function refusalOf({ status, body }: JsonAnswer): Refusal {
  return { status, code: problemSchema.safeParse(body).data?.code ?? 'no code' };
}

function isRefusal(answer: object | string): answer is Refusal {
  return typeof answer === 'object' && Object.keys(answer).length === 2 && 'code' in answer && 'status' in answer;
}

const amounts = { EUR: 4900, USD: 5900, GBP: 4100, CHF: 5300, JPY: 7800 } as const;

const productId = (product: string): string => `chaos_${product}`;
const priceId = (product: string, currency: string): string => `chaos_${product}_${currency.toLowerCase()}`;

function products(poolSize: number): Readonly<Record<ChaosProduct, object>> {
  const download = { method: 'download', file: 'chaos-guide.txt' };
  const attachment = { method: 'attachment', file: 'chaos-book.txt' };
  const license = { method: 'license' };
  const account = { method: 'account' };
  const pool = Array.from({ length: poolSize }, (_, index) => `POOL-KEY-${index + 1}`);
  return {
    app: { name: 'Chaos App', taxClass: 'software_download', delivery: [license, download] },
    keys: { name: 'Chaos Keys', taxClass: 'software_download', delivery: [license] },
    pool: { name: 'Chaos Pool', taxClass: 'software_download', delivery: [{ method: 'license', pool }] },
    gone: { name: 'Chaos Sold Out', taxClass: 'software_download', delivery: [{ method: 'license', pool: [] }] },
    doc: { name: 'Chaos Book', taxClass: 'ebook', delivery: [attachment] },
    saas: { name: 'Chaos Cloud', taxClass: 'saas', delivery: [account] },
    suite: { name: 'Chaos Suite', taxClass: 'saas', delivery: [license, download, account, attachment] },
  };
}

const buyers: Readonly<Record<OrderKind['buyer'], { readonly currency: string; readonly customer: object }>> = {
  DE: { currency: 'EUR', customer: { country: 'DE', locale: 'de' } },
  FR: { currency: 'EUR', customer: { country: 'FR', type: 'business', businessTaxId: 'FR40303265045' } },
  US: { currency: 'USD', customer: { country: 'US', region: 'TX', postalCode: '78701' } },
  JP: { currency: 'JPY', customer: { country: 'JP' } },
  CH: { currency: 'CHF', customer: { country: 'CH', locale: 'de' } },
  GB: { currency: 'GBP', customer: { country: 'GB' } },
};

function orderBody(seed: number, { name, kind }: PlannedOrder): object {
  const { currency, customer } = buyers[kind.buyer];
  const seen = { ipCountry: kind.buyer, cardCountry: kind.buyer };
  // Every order has an inbox of its own: more than 20 in an hour from one would rightly go to review.
  const buyer = { email: `chaos-${seed}-${name}@customers.example`, name: `Chaos Customer ${name}` };
  return {
    currency,
    customer: { ...customer, ...seen, ...buyer },
    lines: kind.lines.map(([product, quantity]) => ({ price: priceId(product, currency), quantity })),
    payment: { method: kind.method, token: kind.token },
    consents: { immediateDelivery: true, withdrawalWaiver: true },
    metadata: { chaosKind: kind.name },
  };
}

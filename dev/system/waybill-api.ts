import { z } from 'zod';
import { orderAnswer } from '../../clients/http/order-view.ts';
import type { OrderView } from '../../clients/http/order-view.ts';
import { callJson, inWords, requireJson } from './json-call.ts';
import type { JsonAnswer, JsonRequest } from './json-call.ts';
import { waitUntil } from './wait-until.ts';

const documentAnswer = z.object({
  number: z.string(),
  net: z.int(),
  tax: z.int(),
  gross: z.int(),
  currency: z.string(),
  placeOfSupply: z.object({ country: z.string(), region: z.string().nullable() }),
  reverseCharge: z.boolean(),
});
export type BillingDocumentAnswer = z.output<typeof documentAnswer>;

const balancesAnswer = z.array(
  z.union([
    z.strictObject({ account: z.string(), currency: z.string(), balance: z.int() }),
    z.strictObject({ currency: z.string(), sum: z.int() }),
  ]),
);
export type LedgerRow = z.output<typeof balancesAnswer>[number];

export type WaybillApi = ReturnType<typeof createWaybillApi>;

/** Waybill as a merchant's program sees it: over HTTP, with an API key. */
export function createWaybillApi({ api, apiKey }: { readonly api: string; readonly apiKey: string }) {
  const authorized = (request: JsonRequest): JsonRequest => ({
    ...request,
    headers: { authorization: `Bearer ${apiKey}`, ...request.headers },
  });
  const call = (path: string, request: JsonRequest = {}): Promise<JsonAnswer> =>
    callJson(`${api}/v1${path}`, authorized(request));
  const need = (path: string, request: JsonRequest = {}): Promise<unknown> =>
    requireJson(`${api}/v1${path}`, authorized(request));

  const post = (path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<JsonAnswer> =>
    call(path, { method: 'POST', body, headers });
  const order = async (id: string): Promise<OrderView> => orderAnswer.parse(await need(`/orders/${id}`));

  return {
    call,
    post,
    put: (path: string, body: object): Promise<unknown> => need(path, { method: 'PUT', body }),
    /** The key makes the order's id: another key, another order. @throws when it is not accepted */
    place: async (body: object, key: string): Promise<OrderView> => {
      const answer = await post('/orders', body, { 'idempotency-key': key });
      if (answer.status !== 202) throw new Error(`POST /orders answered ${inWords(answer)}`);
      return orderAnswer.parse(answer.body);
    },
    order,
    /** Sends the form of a public page, without a key. The page that comes next. @throws when there is none */
    page: async (path: string, fields: Readonly<Record<string, string>>): Promise<string> => {
      const answer = await fetch(`${api}${path}`, { method: 'POST', body: new URLSearchParams(fields) });
      if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}`);
      return answer.text();
    },
    /** @throws when it does not come to that while waitUntil is patient */
    untilOrder: (id: string, what: string, holds: (order: OrderView) => boolean): Promise<OrderView> =>
      waitUntil(`order ${id} ${what}`, async () => {
        const found = await order(id);
        return holds(found) ? found : null;
      }),
    /** Also of a credit note. */
    invoice: async (id: string): Promise<BillingDocumentAnswer> => documentAnswer.parse(await need(`/invoices/${id}`)),
    balances: async (): Promise<readonly LedgerRow[]> => balancesAnswer.parse(await need('/ledger/balances')),
  };
}

import { z } from 'zod';
import type { Act, Sample } from '../samples/sample-schema.ts';
import { inWords } from '../system/json-call.ts';
import type { PartnerWorld } from '../system/partner-world.ts';
import { waitUntil } from '../system/wait-until.ts';
import type { WaybillApi } from '../system/waybill-api.ts';
import { differences } from './differences.ts';

interface RefundActDeps {
  readonly api: WaybillApi;
  readonly world: PartnerWorld;
  readonly runId: string;
}

/** POST /v1/refunds for the order; the same run again is the same refund. */
export async function askRefund(
  { api, runId }: RefundActDeps,
  { body, problem }: Extract<Act, { do: 'refund' }>,
  orderId: string,
) {
  const answer = await api.post(
    '/refunds',
    { order: orderId, ...body },
    { 'idempotency-key': `refund-${runId}-${orderId}` },
  );
  const code = z.object({ code: z.string() }).safeParse(answer.body).data?.code ?? null;
  if (answer.status === 202 ? problem !== null : code !== problem)
    throw new Error(`POST /v1/refunds answered ${inWords(answer)}`);
}

/** The two steps of the public page, as a browser without scripts takes them. */
export async function withdrawOnPage(
  { api }: RefundActDeps,
  { customer }: Sample['order'],
  orderId: string,
): Promise<void> {
  const { number } = await api.order(orderId);
  const first = await api.page('/withdraw', {
    ...{ name: customer.name, orderNumber: number, email: customer.email },
    lang: z.object({ locale: z.string() }).safeParse(customer).data?.locale ?? 'en',
  });
  const token = /name="token" value="([^"]+)"/.exec(first)?.[1];
  if (token === undefined) throw new Error('the withdrawal page asks for no confirmation');
  await api.page('/withdraw/confirm', { token });
}

const bulkSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  amounts: z.array(z.looseObject({})),
  refunded: z.array(z.looseObject({})),
});

/** More of the same order, all of them refunded as one job after its dry run; they have to end alike. */
export async function refundInBulk(
  { api, runId }: RefundActDeps,
  { others, refund, amounts }: Extract<Act, { do: 'refund_in_bulk' }>,
  { sample, orderId }: { readonly sample: Sample; readonly orderId: string },
): Promise<void> {
  const orders = [orderId];
  const { customer } = sample.order;
  for (let other = 1; other <= others; other += 1) {
    // Each has an inbox of its own, so that the mails of the sample stay its own.
    const body = {
      ...sample.order,
      customer: { ...customer, id: `${orderId}-${other}`, email: `${other}.${customer.email}` },
    };
    const { id } = await api.place(body, `sample-${runId}-${sample.name}-${other}`);
    await api.untilOrder(id, 'is completed', ({ status }) => status === 'completed');
    orders.push(id);
  }
  const asked = { orders, refund, reason: 'Price error', by: 'ops_1' };
  const answer = await api.post('/bulk-refunds', asked, { 'idempotency-key': `bulk-${runId}-${sample.name}` });
  if (answer.status !== 202) throw new Error(`POST /v1/bulk-refunds answered ${inWords(answer)}`);
  const { id } = bulkSchema.parse(answer.body);
  const until = (status: string) =>
    waitUntil(`bulk refund ${id} is ${status}`, async () => {
      const view = bulkSchema.parse((await api.call(`/bulk-refunds/${id}`)).body);
      return view.status === status ? view : null;
    });
  const planned = await until('awaiting_confirmation');
  const confirmed = await api.post(`/bulk-refunds/${id}/confirm`, { by: 'ops_2' });
  if (confirmed.status !== 200) throw new Error(`the confirmation was answered ${inWords(confirmed)}`);
  const ended = await until('completed');
  const wrong = [
    ...differences(amounts, planned.amounts, 'dry run'),
    ...differences(amounts, ended.refunded, 'refunded'),
  ];
  if (wrong.length > 0) throw new Error(wrong.join('; '));
}

const refundsSchema = z.object({
  items: z.array(
    z.looseObject({
      status: z.string(),
      amount: z.int(),
      toStoreCredit: z.int(),
      decision: z.looseObject({ kind: z.string(), rule: z.string() }).nullable(),
    }),
  ),
});

export type SeenRefund = NonNullable<Extract<Sample['expect'], { status: string }>['refunds']>[number];

/** The refunds of an order, the oldest first, in the words of a sample. */
export async function refundsOf({ api }: Pick<RefundActDeps, 'api'>, orderId: string): Promise<readonly SeenRefund[]> {
  const { items } = refundsSchema.parse((await api.call(`/refunds?order=${orderId}`)).body);
  return items.map(({ status, amount, toStoreCredit, decision }) => ({
    ...{ status, amount, toStoreCredit },
    decision: decision === null ? null : `${decision.kind}: ${decision.rule}`,
  }));
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { OrderView } from '../../clients/http/order-view.ts';
import { assertNever } from '../../domain/state-machine.ts';
import type { Act, Outcome, Sample } from '../samples/sample-schema.ts';
import { differences } from './differences.ts';
import type { JsonAnswer } from '../system/json-call.ts';
import { askRefund, refundInBulk, withdrawOnPage } from './refund-acts.ts';
import { inObservedOrder, observe, outcomeOf } from './observe-outcome.ts';
import type { Observation } from './observe-outcome.ts';
import type { PartnerWorld } from '../system/partner-world.ts';
import { waitUntil, patienceMs } from '../system/wait-until.ts';
import type { WaybillApi } from '../system/waybill-api.ts';

export interface SampleWorld {
  readonly api: WaybillApi;
  readonly world: PartnerWorld;
  /** Part of the Idempotency-Keys: the same run again is the same orders. */
  readonly runId: string;
}

/** What became of a sample. It went well when there are no `mismatches`. */
export interface SampleRun {
  readonly sample: Sample;
  readonly mismatches: readonly string[];
  /** null for an order that was refused. */
  readonly seen: Observation | null;
  readonly refusal: { readonly status: number; readonly code: string; readonly path: string } | null;
}

/** Places the sample, does what is done during it, and waits until everything is as the file says, or time is over. */
export async function runSample(deps: SampleWorld, sample: Sample): Promise<SampleRun> {
  try {
    for (const fault of sample.before) await deps.world.addFault(fault);
    const answer = await deps.api.post('/orders', sample.order, {
      'idempotency-key': `sample-${deps.runId}-${sample.name}`,
    });
    if ('problem' in sample.expect) return refusedRun(sample, sample.expect.problem, answer);
    if (answer.status !== 202) {
      return failedRun(sample, `POST /v1/orders answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    const { id } = z.object({ id: z.string() }).parse(answer.body);
    for (const act of sample.during) await perform(deps, { act, sample, orderId: id });
    return await settledRun(deps, sample, sample.expect, id);
  } catch (error) {
    return failedRun(sample, error instanceof Error ? error.message : String(error));
  } finally {
    for (const { partner } of sample.before) await deps.world.endFaults(partner);
  }
}

/** Looks once more: nothing may have been added since. */
export async function lookAgain(deps: SampleWorld, run: SampleRun): Promise<SampleRun> {
  const { sample, seen } = run;
  if (seen === null || 'problem' in sample.expect || run.mismatches.length > 0) return run;
  return compareRun(sample, sample.expect, await observe(deps, { orderId: seen.order.id, email: emailOf(sample) }));
}

const problemAnswer = z.object({
  code: z.string(),
  errors: z.array(z.object({ path: z.string() })),
});

function refusedRun(
  sample: Sample,
  expected: NonNullable<SampleRun['refusal']>,
  { status, body }: JsonAnswer,
): SampleRun {
  const problem = problemAnswer.safeParse(body).data;
  const refusal = { status, code: problem?.code ?? 'none', path: problem?.errors[0]?.path ?? '' };
  return { sample, seen: null, refusal, mismatches: differences(expected, refusal) };
}

function failedRun(sample: Sample, mismatch: string): SampleRun {
  return { sample, seen: null, refusal: null, mismatches: [mismatch] };
}

async function settledRun(deps: SampleWorld, sample: Sample, expected: Outcome, orderId: string): Promise<SampleRun> {
  const deadline = Date.now() + patienceMs;
  return waitUntil(`order ${orderId} is settled`, async () => {
    const run = compareRun(sample, expected, await observe(deps, { orderId, email: emailOf(sample) }));
    return run.mismatches.length === 0 || Date.now() > deadline ? run : null;
  });
}

function compareRun(sample: Sample, expected: Outcome, seen: Observation): SampleRun {
  const mismatches = differences(inObservedOrder(expected), outcomeOf(seen, expected));
  return { sample, seen, refusal: null, mismatches };
}

interface ActInSample {
  readonly act: Act;
  readonly sample: Sample;
  readonly orderId: string;
}

async function perform(deps: SampleWorld, { act, sample, orderId }: ActInSample): Promise<void> {
  const { api, world } = deps;
  const when = (what: string, holds: (order: OrderView) => boolean): Promise<OrderView> =>
    waitUntil(`order ${orderId} has ${what}`, async () => {
      const order = await api.order(orderId);
      return holds(order) ? order : null;
    });
  const payment = async (): Promise<string> => {
    const last = (await world.payments(orderId)).at(-1);
    if (last === undefined) throw new Error(`the partners have no payment of order ${orderId}`);
    return last.id;
  };
  switch (act.do) {
    case 'await_status':
      await when(`status ${act.status}`, ({ status }) => status === act.status);
      return;
    case 'await_payment':
      await when(`payment ${act.status}`, (order) => order.payment.status === act.status);
      return;
    case 'await_mail': {
      const subject = act.subject.replace('{number}', (await api.order(orderId)).number);
      await waitUntil(`the mail "${subject}" arrives`, async () => {
        return (await world.mailsTo(emailOf(sample))).find((mail) => mail.subject === subject) ?? null;
      });
      return;
    }
    case 'complete_3ds':
      await world.complete3ds(await payment());
      return;
    case 'settle':
      await world.settle(await payment());
      return;
    case 'cancel':
      return accepted(await api.post(`/orders/${orderId}/cancel`, { requestedBy: act.requestedBy }));
    case 'review': {
      const { decision, by, note } = act;
      return accepted(await api.post(`/orders/${orderId}/review`, { decision, by, note }));
    }
    case 'end_faults':
      await world.endFaults(act.partner);
      return;
    case 'ask_register':
      await waitUntil(`order ${orderId} waits for the register`, async () => {
        const answer = await api.post(`/orders/${orderId}/tax-confirmation`, {}, { 'idempotency-key': randomUUID() });
        return answer.status === 200 ? answer : null;
      });
      return;
    case 'refund':
      return askRefund(deps, act, orderId);
    case 'withdraw':
      return withdrawOnPage(deps, sample.order, orderId);
    case 'refund_in_bulk':
      return refundInBulk(deps, act, { sample, orderId });
    default:
      return assertNever(act);
  }
}

function accepted({ status, body }: JsonAnswer): void {
  if (status !== 200) throw new Error(`the API answered ${status}: ${JSON.stringify(body)}`);
}

function emailOf(sample: Sample): string {
  return sample.order.customer.email;
}

import { z } from 'zod';
import { subscriptionWorkflowId } from '../../workflows/subscription/subscription.contract.ts';
import { faultSchema } from '../sandbox/faults.ts';
import { inWords, requireJson } from '../system/json-call.ts';
import type { JsonAnswer } from '../system/json-call.ts';
import type { Names } from './names.ts';
import type { Simulation } from './open-simulation.ts';
import type { Action, Step } from './scenario-schema.ts';

interface Call {
  readonly path: string;
  readonly body: object;
}

/** Where an action goes, by the thing that it is done to. */
type Route = (names: Names, on: string, body: Readonly<Record<string, unknown>>, at: string) => Call;

const subscriptionCall =
  (verb: string): Route =>
  (names, on, body) => ({ path: `/subscriptions/${names.require(on, 'subscription')}/${verb}`, body });
const refundCall =
  (verb: string): Route =>
  (names, on, body) => ({ path: `/refunds/${names.require(on, 'refund')}/${verb}`, body });

const routes: Readonly<Record<Exclude<Action, 'dispute' | 'settle' | 'complete3ds'>, Route>> = {
  preview: subscriptionCall('preview'),
  change: (names, on, { preview, ...body }) => ({
    path: `/subscriptions/${names.require(on, 'subscription')}/change`,
    body: typeof preview === 'string' ? { ...body, preview: names.require(preview, 'preview') } : body,
  }),
  cancel: (names, on, body, at) => {
    const { subscription, order } = names.find(on);
    return subscription === null
      ? { path: `/orders/${order ?? ''}/cancel`, body }
      : subscriptionCall('cancel')(names, on, body, at);
  },
  pause: subscriptionCall('pause'),
  resume: subscriptionCall('resume'),
  reactivate: subscriptionCall('reactivate'),
  paymentMethod: subscriptionCall('payment-method'),
  retryPayment: subscriptionCall('retry-payment'),
  usage: (names, on, body, at) => ({
    path: '/usage',
    body: { at, ...body, subscription: names.require(on, 'subscription') },
  }),
  refund: (names, on, body) => ({ path: '/refunds', body: { order: names.require(on, 'order'), ...body } }),
  approve: refundCall('approve'),
  reject: refundCall('reject'),
};

export interface PlayedStep {
  readonly at: string;
  readonly event: string;
  /** null: as the scenario wants it. */
  readonly problem: string | null;
}

/** Makes the call of a step, remembers what it made, and says when it was not answered as the scenario wants. */
export async function playStep(
  simulation: Simulation,
  names: Names,
  { step, index }: { readonly step: Step; readonly index: number },
): Promise<PlayedStep> {
  const { at } = step;
  const label = `step ${index + 1}: ${step.do}${'on' in step ? ` ${String(step.on)}` : ''}`;
  try {
    const answer = await perform(simulation, names, { step, key: `simulate-${index + 1}` });
    const problem = answer === null ? null : unexpected(answer, step.refused ?? null);
    if (answer !== null && answer.status < 300 && step.as !== undefined) remember(names, step, answer.body);
    return { at, event: answer === null ? label : `${label}: ${answer.status}`, problem };
  } catch (error) {
    return { at, event: label, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function perform(
  { api, world, sandbox, client }: Simulation,
  names: Names,
  { step, key }: { readonly step: Step; readonly key: string },
): Promise<JsonAnswer | null> {
  const headers = { 'idempotency-key': key };
  switch (step.do) {
    case 'order':
      return api.post('/orders', bodyOf(step), headers);
    case 'fault':
      await world.addFault(faultSchema.parse(bodyOf(step)));
      return null;
    case 'endFaults':
      await world.endFaults(step.partner);
      return null;
    case 'price':
      await api.put(`/prices/${step.id}`, step.body);
      return null;
    case 'terminate':
      await client.workflow
        .getHandle(subscriptionWorkflowId(names.require(step.on, 'subscription')))
        .terminate('the scenario says so');
      return null;
    case 'settle':
      await world.settle(await lastPayment(world, names.require(step.on, 'order')));
      return null;
    case 'complete3ds':
      await world.complete3ds(await lastPayment(world, names.require(step.on, 'order')));
      return null;
    case 'dispute': {
      const payment = await lastPayment(world, names.require(step.on, 'order'));
      await requireJson(`${sandbox}/disputes`, { method: 'POST', body: { ...bodyOf(step), payment } });
      return null;
    }
    default: {
      const { path, body } = routes[step.do](names, step.on, bodyOf(step), step.at);
      return api.post(path, body, headers);
    }
  }
}

/** The step without what is not part of its call. */
function bodyOf(step: Step): Readonly<Record<string, unknown>> {
  const own = new Set(['at', 'do', 'as', 'on', 'refused']);
  return Object.fromEntries(Object.entries(step).filter(([key]) => !own.has(key)));
}

function remember(names: Names, step: Step, body: unknown): void {
  const name = step.as ?? '';
  const id = names.idIn(body);
  if (step.do === 'order') names.set(name, { order: id });
  if (step.do === 'refund') names.set(name, { refund: id });
  if (step.do === 'preview') names.set(name, { preview: id });
}

const problemSchema = z.looseObject({ code: z.string() });

function unexpected({ status, body }: JsonAnswer, refused: string | null): string | null {
  const code = problemSchema.safeParse(body).data?.code ?? null;
  if (refused === null) return status < 300 ? null : `was answered ${inWords({ status, body })}`;
  return status >= 300 && code === refused ? null : `wanted ${refused}, was answered ${inWords({ status, body })}`;
}

async function lastPayment(world: Simulation['world'], order: string): Promise<string> {
  const payment = (await world.payments(order)).at(-1);
  if (payment === undefined) throw new Error(`the partners know no payment of ${order}`);
  return payment.id;
}

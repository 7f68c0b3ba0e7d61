import { nextAction } from '../../domain/subscription/next-action.ts';
import type { ActionReason } from '../../domain/subscription/next-action.ts';
import { assertNever } from '../../domain/state-machine.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import type { BillCollection } from './bill-collection.ts';
import type { CycleOpening } from './cycle-opening.ts';
import type { NoticeSending } from './notice-sending.ts';
import type { SubscriptionCommands } from './subscription-commands.ts';
import type { SubscriptionDunningSteps } from './subscription-dunning.ts';
import type { SubscriptionEnding } from './subscription-ending.ts';
import type { SubscriptionPauses } from './subscription-pause.ts';
import type { SubscriptionAgenda, SubscriptionSteps } from './subscription-steps.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface StepDeps {
  readonly store: SubscriptionStore;
  readonly cycles: CycleOpening;
  readonly collection: BillCollection;
  readonly dunning: SubscriptionDunningSteps;
  readonly ending: SubscriptionEnding;
  readonly pauses: SubscriptionPauses;
  readonly notices: NoticeSending;
  readonly payments: Pick<PaymentService, 'find'>;
}

/** Several things that are due at one moment are done in one step; more than this is a mistake. */
const mostActions = 10;

/** One thing after the other that is due, decided by the record alone. */
export function createSubscriptionTurns(deps: StepDeps) {
  const { store, cycles, collection, dunning, ending, pauses, notices, payments } = deps;

  async function collectBill(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
    return (await collection.collect(known, at)).subscription;
  }

  async function renew(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
    const opened = known.openBill === null ? await cycles.open(known, at) : known;
    return opened.openBill === null ? opened : collectBill(opened, at);
  }

  async function end(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
    const used = known.openBill?.kind === 'final' ? known : await ending.openFinalBill(known, at);
    const settled = used === null ? known : await collectBill(used, at);
    // A charge that is under way is waited for.
    if (settled.openBill?.kind === 'final') return settled;
    return ending.cancel(settled, at);
  }

  async function perform(known: SubscriptionDocument, reason: ActionReason, at: string): Promise<SubscriptionDocument> {
    switch (reason) {
      case 'notice':
        return notices.send(known, at);
      case 'pause':
        return pauses.begin(known, at);
      case 'pause_limit':
        return pauses.lapse(known, at);
      case 'resume': {
        const resumed = await pauses.end(known, at);
        return resumed.openBill === null ? resumed : collectBill(resumed, at);
      }
      case 'dunning_stage': {
        const advanced = await dunning.advance(known, at);
        return advanced.dunning?.stage === 'cancelled' ? ending.giveUp(advanced, at) : advanced;
      }
      case 'cancel':
        return end(known, at);
      case 'trial_end':
        return known.payment === null ? ending.expire(known, at) : renew(known, at);
      case 'renew':
      case 'retry_payment':
      case 'look_up':
        return renew(known, at);
      default:
        return assertNever(reason);
    }
  }

  return {
    /** @param mayCollect whether what is due may move money; that much at most once in a step */
    async run(subscriptionId: string, at: string, mayCollect: boolean): Promise<SubscriptionDocument> {
      let known = await store.require(subscriptionId);
      for (let done = 0; done < mostActions; done += 1) {
        const next = nextAction(known);
        if (next === null || next.at > at) return known;
        if (next.step === 'act') known = await perform(known, next.reason, at);
        else return mayCollect ? perform(known, next.reason, at) : known;
      }
      return known;
    },

    /** A payment that is not settled may be looked at before its time: somebody said that something moved. */
    async look(known: SubscriptionDocument): Promise<boolean> {
      if (known.openBill?.lookAt == null) return false;
      const payment = await payments.find(known.openBill.order);
      return payment !== null && payment.attempts.at(-1)?.status !== 'unavailable';
    },

    collectBill,
  };
}

type SubscriptionTurns = ReturnType<typeof createSubscriptionTurns>;

/** The record in the words of the workflow. */
function agendaOf(known: SubscriptionDocument, at: string, lookNow = false): SubscriptionAgenda {
  const { status, period, tell } = known;
  const next = nextAction(known);
  const shared = { status, period: period.index, tell };
  if (next === null)
    // Ended, or paused without an end: the workflow tells them apart by the status.
    return { ...shared, wakeAt: null, step: 'act', reason: 'look_up' };
  if (lookNow && next.at > at) return { ...shared, wakeAt: at, step: 'collect', reason: 'look_up' };
  return { ...shared, wakeAt: next.at, step: next.step, reason: next.reason };
}

/** The steps of a subscription's story (subscription-steps.ts), each repeatable after a crash at any point. */
export function createSubscriptionSteps({
  store,
  turns,
  commands,
  opening,
}: {
  readonly store: SubscriptionStore;
  readonly turns: SubscriptionTurns;
  readonly commands: SubscriptionCommands;
  readonly opening: Pick<SubscriptionSteps, 'openFromOrder'>;
}): SubscriptionSteps {
  return {
    async agenda(subscriptionId, at) {
      const known = await store.require(subscriptionId);
      return agendaOf(known, at, await turns.look(known));
    },

    act: async (subscriptionId, at) => agendaOf(await turns.run(subscriptionId, at, false), at),

    async collect(subscriptionId, at) {
      const known = await store.require(subscriptionId);
      const next = nextAction(known);
      // Asked to look early: the round that is open, and nothing else.
      if (known.openBill?.lookAt != null && next !== null && next.at > at)
        return agendaOf(await turns.collectBill(known, at), at);
      return agendaOf(await turns.run(subscriptionId, at, true), at);
    },

    async command(commandId, at) {
      const { answer, subscription } = await commands.run(commandId, at);
      return { answer, agenda: agendaOf(subscription, at) };
    },

    recordCommand: (command, at) => commands.record(command, at),
    preview: (subscriptionId, request, at) => commands.preview(subscriptionId, request, at),
    openFromOrder: (orderId, at) => opening.openFromOrder(orderId, at),
  };
}

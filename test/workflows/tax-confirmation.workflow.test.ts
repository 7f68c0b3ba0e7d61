import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import type { Activities } from '../../activities/index.ts';
import type { BusinessTaxIdStatus } from '../../domain/order/order.ts';
import { taxConfirmationWorkflow } from '../../workflows/index.ts';
import {
  askRegisterUpdate,
  taxConfirmationStateQuery,
  taxConfirmationWorkflowId,
} from '../../workflows/tax-confirmation/tax-confirmation.contract.ts';
import type { TaxConfirmationOutcome } from '../../workflows/tax-confirmation/tax-confirmation.contract.ts';
import type { Journal } from '../support/journal.ts';
import { refundsEnd, refundSteps } from '../support/refund-steps.ts';
import { openTimeSkipping } from '../support/time-skipping.ts';
import type { TimeSkipping } from '../support/time-skipping.ts';

// Goal: every answer of the register, every deadline, and every way in which a refund can stay open. Method: the real
// workflow bundle on the time-skipping server, with activities whose answers the test chooses.

let temporal: TimeSkipping;
let orders = 0;

beforeAll(async () => {
  temporal = await openTimeSkipping();
});
afterAll(() => temporal.close());

type Handle = WorkflowHandle<typeof taxConfirmationWorkflow>;

const hours = [1, 6, 24];

/** The register has not answered; the refund would succeed. A test overrides the one answer that it is about. */
function taxActivities(journal: Journal, overrides: Partial<Activities>): Partial<Activities> {
  const noted = (entry: string): void => {
    journal.push(entry);
  };
  return {
    openTaxConfirmation: async ({ at }) => {
      const askAt = hours.map((hour) => new Date(Date.parse(at) + hour * 3_600_000).toISOString());
      return { kind: 'due', tax: '10.78 EUR', currency: 'EUR', askAt };
    },
    checkBusinessTaxId: async () => {
      noted('ask');
      return 'unavailable';
    },
    ...refundSteps(journal),
    recordOrderEvent: async ({ event, note }) => noted(`event:${event}${note === undefined ? '' : `:${note}`}`),
    sendMessages: async () => noted('sendMessages'),
    ...overrides,
  };
}

async function play(
  overrides: (journal: Journal) => Partial<Activities>,
  during: (handle: Handle, journal: Journal) => Promise<void> = async () => undefined,
): Promise<{ outcome: TaxConfirmationOutcome; journal: Journal }> {
  const journal: Journal = [];
  orders += 1;
  const orderId = `ord_${orders}`;
  const { ended, refunds } = await temporal.run(taxActivities(journal, overrides(journal)), async (taskQueue) => {
    const workflowId = taxConfirmationWorkflowId(orderId);
    const handle = await temporal.env.client.workflow.start(taxConfirmationWorkflow, {
      taskQueue,
      workflowId,
      args: [{ orderId }],
    });
    await during(handle, journal);
    const ended = await handle.result();
    return { ended, refunds: await refundsEnd(temporal.env.client, orderId, journal) };
  });
  if (refunds) await temporal.renew();
  return { outcome: ended, journal };
}

const answering =
  (...answers: BusinessTaxIdStatus[]) =>
  (journal: Journal): Partial<Activities> => ({
    checkBusinessTaxId: async () => {
      journal.push('ask');
      return answers[journal.filter((entry) => entry === 'ask').length - 1] ?? 'unavailable';
    },
  });

const refunding =
  (...answers: NonNullable<Parameters<typeof refundSteps>[1]>[number][]) =>
  (journal: Journal): Partial<Activities> => ({ ...answering('confirmed')(journal), ...refundSteps(journal, answers) });

describe('the register', () => {
  it('is asked again until it confirms; then the tax goes back and the customer is told', async () => {
    const { outcome, journal } = await play(answering('unavailable', 'unavailable', 'confirmed'));
    expect(outcome).toMatchObject({ outcome: 'confirmed', reason: null });
    expect(journal).toEqual(['ask', 'ask', 'ask', 'requestTaxRefund', 'payRefundBack', 'settleRefund', 'sendMessages']);
  });

  it.each(['unknown', 'malformed'] as const)('says %s: the tax stays and the customer is told', async (answer) => {
    const { outcome, journal } = await play(answering('unavailable', answer));
    expect(outcome).toMatchObject({ outcome: 'unknown' });
    expect(journal).toEqual(['ask', 'ask', 'event:tax_kept_id_unknown', 'sendMessages']);
  });

  it('never answers: at the end of the schedule the tax stays and the customer is told', async () => {
    const asked: number[] = [];
    const { outcome, journal } = await play(() => ({
      checkBusinessTaxId: async ({ at }) => {
        asked.push(Date.parse(at));
        return 'unavailable';
      },
    }));
    expect(outcome).toMatchObject({ outcome: 'still_unavailable' });
    expect(journal).toEqual(['event:tax_kept_register_away', 'sendMessages']);
    const [first = 0] = asked;
    expect(asked.map((at) => Math.round((at - first) / 3_600_000))).toEqual(hours.map((hour) => hour - 1));
  });

  it('that cannot be asked at all counts as away', async () => {
    const away = async (): Promise<never> => {
      throw ApplicationFailure.nonRetryable('away', 'tax.checker_unavailable');
    };
    const { outcome } = await play(() => ({ checkBusinessTaxId: away }));
    expect(outcome).toMatchObject({ outcome: 'still_unavailable' });
  });

  it('is not asked when nothing hangs on it', async () => {
    const { outcome, journal } = await play(() => ({
      openTaxConfirmation: async () => ({ kind: 'nothing_at_stake' }),
    }));
    expect(outcome).toMatchObject({ outcome: 'nothing_at_stake' });
    expect(journal).toEqual([]);
  });
});

describe('an operator', () => {
  it('has the register asked at once, and gets its answer', async () => {
    const { outcome, journal } = await play(answering('unavailable', 'confirmed'), async (handle) => {
      const first = await handle.executeUpdate(askRegisterUpdate);
      expect(first).toMatchObject({ step: 'awaiting_register', asked: 1, lastAnswer: 'unavailable', tax: '10.78 EUR' });
      expect(await handle.query(taxConfirmationStateQuery)).toMatchObject({ asked: 1, outcome: null });
      const second = await handle.executeUpdate(askRegisterUpdate);
      expect(second).toMatchObject({ asked: 2, lastAnswer: 'confirmed' });
    });
    expect(outcome.outcome).toBe('confirmed');
    expect(journal.filter((entry) => entry === 'ask')).toHaveLength(2);
  });

  it('does not use up the schedule by asking', async () => {
    const { journal } = await play(answering(), async (handle) => {
      await handle.executeUpdate(askRegisterUpdate);
    });
    expect(journal.filter((entry) => entry === 'ask')).toHaveLength(1 + hours.length);
  });

  it('is refused while the tax is on its way back', async () => {
    await play(refunding('pending', 'pending', 'paid_back'), async (handle) => {
      await handle.executeUpdate(askRegisterUpdate);
      await expect(handle.executeUpdate(askRegisterUpdate)).rejects.toThrow(WorkflowUpdateFailedError);
    });
  });

  it('ends the wait by cancelling: the tax stays, and nobody is told', async () => {
    const { outcome, journal } = await play(answering(), async (handle) => {
      await handle.executeUpdate(askRegisterUpdate);
      await handle.cancel();
    });
    expect(outcome).toMatchObject({ outcome: 'cancelled' });
    expect(journal).toEqual(['ask']);
  });
});

describe('the refund of the tax', () => {
  it('that stays pending is asked about until the gateway has settled it', async () => {
    const { outcome, journal } = await play(refunding('pending', 'pending', 'paid_back'));
    expect(outcome).toMatchObject({ outcome: 'confirmed' });
    expect(journal.slice(1)).toEqual([
      'requestTaxRefund',
      'payRefundBack',
      'note:pending_at_gateway:payment.refund_pending',
      'event:tax_refund_pending:payment.refund_pending',
      'payRefundBack',
      'payRefundBack',
      'settleRefund',
      'sendMessages',
    ]);
  });

  it('that fails later is recorded as failed and left to a person', async () => {
    const { outcome, journal } = await play(refunding('pending', 'refused'));
    expect(outcome).toMatchObject({ outcome: 'refund_failed', reason: 'payment.refund_failed' });
    expect(journal).toContain('event:tax_refund_failed:payment.refund_failed');
    expect(journal).not.toContain('settleRefund');
  });

  it('that no retry can mend is left to a person at once', async () => {
    const exceeds = ApplicationFailure.nonRetryable('too little is left', 'payment.refund_exceeds');
    const { outcome, journal } = await play(refunding(exceeds));
    expect(outcome).toMatchObject({ outcome: 'refund_failed', reason: 'payment.refund_exceeds' });
    expect(journal.filter((entry) => entry === 'payRefundBack')).toHaveLength(1);
  });

  it('is waited for while the gateway is away', async () => {
    const away = ApplicationFailure.retryable('away', 'payment.gateway_unavailable');
    const { outcome, journal } = await play(refunding(away, away, away, away, away, away, away, 'paid_back'));
    expect(outcome).toMatchObject({ outcome: 'confirmed' });
    expect(journal).toContain('event:tax_refund_pending:payment.gateway_unavailable');
  });

  it('that is never settled stays open, is not recorded as failed, and is left to a person after ten days', async () => {
    const noted: number[] = [];
    const { outcome, journal } = await play((journal) => ({
      ...refunding('pending')(journal),
      recordOrderEvent: async ({ event, note, at }) => {
        noted.push(Date.parse(at));
        journal.push(`event:${event}:${note}`);
      },
    }));
    expect(outcome).toMatchObject({ outcome: 'refund_failed', reason: 'payment.refund_pending' });
    expect(journal).toContain('event:tax_refund_failed:payment.refund_pending');
    const [opened = 0, ended = 0] = noted;
    expect(Math.floor((ended - opened) / 86_400_000)).toBe(10);
  });

  it('finds nothing left when the order was refunded meanwhile', async () => {
    const { outcome, journal } = await play((journal) => ({
      ...refunding()(journal),
      requestTaxRefund: async () => null,
    }));
    expect(outcome).toMatchObject({ outcome: 'nothing_at_stake' });
    expect(journal).toEqual(['ask']);
  });

  it('whose credit note cannot be written is left to a person', async () => {
    const { outcome, journal } = await play((journal) => ({
      ...refunding('paid_back')(journal),
      settleRefund: async () => {
        throw ApplicationFailure.nonRetryable('other money was credited', 'order.state_conflict');
      },
    }));
    expect(outcome).toMatchObject({ outcome: 'refund_failed', reason: 'order.state_conflict' });
    expect(journal.at(-1)).toBe('event:tax_refund_failed:order.state_conflict');
  });
});

import type { Activities } from '../../activities/index.ts';
import type { OrderEvent } from '../../domain/order/order-events.ts';
import type { Journal } from './journal.ts';
import { refundSteps } from './refund-steps.ts';

/**
 * Activities of an order that goes well, one licence line, typed by the real ones. A test overrides the one answer that
 * it is about. Only the workflow's own decisions are tested with them; the real activities run in test/integration.
 */
export function orderActivities(journal: Journal, overrides: Partial<Activities> = {}): Partial<Activities> {
  const noted = (entry: string): void => {
    journal.push(entry);
  };
  return {
    prepareOrder: async () => {
      noted('prepareOrder');
      return {
        kind: 'ready',
        screening: 'accept',
        checkBusinessTaxId: false,
        total: '49.00 EUR',
        deliveries: [{ line: '1', method: 'license', byPartner: false }],
      };
    },
    checkBusinessTaxId: async () => {
      noted('checkBusinessTaxId');
      return 'confirmed';
    },
    settleOrderTax: async ({ businessTaxIdStatus }) => {
      noted(`settleOrderTax:${businessTaxIdStatus}`);
      return '49.00 EUR';
    },
    recordOrderEvent: async ({ event, line }: { event: OrderEvent; line?: string }) =>
      noted(line === undefined ? `event:${event}` : `event:${event}/${line}`),
    fulfilFromStock: async () => {
      noted('fulfilFromStock');
      return { completed: true, impossible: [] };
    },
    takePayment: async () => {
      noted('takePayment');
      return { kind: 'captured', gateway: 'acquirer_a' };
    },
    capturePayment: async () => {
      noted('capturePayment');
      return { kind: 'captured', gateway: 'acquirer_a' };
    },
    voidPayment: async () => {
      noted('voidPayment');
      return { kind: 'ended', reason: 'voided' };
    },
    lookUpPayment: async () => {
      noted('lookUpPayment');
      return { kind: 'unknown' };
    },
    ...refundSteps(journal),
    openTaxConfirmation: async () => {
      noted('openTaxConfirmation');
      return { kind: 'nothing_at_stake' };
    },
    deliverByPartner: async ({ line, method }) => {
      noted(`deliver:${line}/${method}`);
      return { kind: 'delivered' };
    },
    sendMessages: async () => noted('sendMessages'),
    ...overrides,
  };
}

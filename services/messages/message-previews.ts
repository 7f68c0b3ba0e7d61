import { readSubscriptionFacts, subscriptionMessageData } from '../../domain/message/message-facts.ts';
import type { SubscriptionFacts } from '../../domain/message/message-facts.ts';
import type { MessageContext, MessageTemplate } from '../../domain/message/message.ts';

const order: MessageContext = {
  order: {
    number: '7F3K-92QX-M4TN-8WRB',
    customerName: 'Zoë Müller & Söhne',
    placedAt: '2026-11-21T10:00:00.000Z',
    currency: 'EUR',
    lines: [
      { name: 'Editor Pro', quantity: 3, gross: 14276 },
      { name: 'Handbook', quantity: 1, gross: 1190 },
      { name: 'Team workspace', quantity: 1, gross: 1190 },
      { name: 'Cheat sheet', quantity: 1, gross: 0 },
    ],
    net: 13997,
    tax: 2659,
    gross: 16656,
    withdrawalWaiver: true,
  },
  deliveries: [],
  payment: null,
  refund: null,
  withdrawal: null,
  subscription: null,
  links: {
    order: 'https://waybill.example/orders/1?a=1&b=2',
    invoice: 'https://waybill.example/invoices/1.pdf',
    withdrawal: 'https://waybill.example/withdraw?order=1&lang=en',
  },
  attachments: [],
};

const renewal: MessageContext['order'] = {
  ...order.order,
  lines: [{ name: 'Editor Pro', quantity: 3, gross: 5950 }],
  net: 5000,
  tax: 950,
  gross: 5950,
  withdrawalWaiver: false,
};

const stageUntil = '2026-12-14T23:30:00.000Z';

/** A monthly subscription in Berlin whose day changes late in the evening, UTC. */
function subscribed(facts: Partial<SubscriptionFacts>): MessageContext {
  const described = {
    subscription: 'sub_1',
    timeZone: 'Europe/Berlin',
    interval: 'month',
    count: 1,
    amount: 5950,
    from: '2026-11-30T23:30:00.000Z',
    until: '2026-12-31T23:30:00.000Z',
    ...facts,
  } as const;
  const read = readSubscriptionFacts(subscriptionMessageData(described));
  return {
    ...order,
    order: renewal,
    subscription: read === null ? null : { facts: read, items: ['Editor Pro'], manageUrl, surveyUrl: null },
  };
}
const manageUrl = 'https://portal.example/subscriptions/sub_1?a=1&b=2';

function refunded(explanation: string | null, appealUntil: string | null = null): MessageContext {
  return { ...order, refund: { amount: 1190, lines: ['Handbook'], creditNoteUrl: null, explanation, appealUntil } };
}

/** Something to look at for every template: the preview page and the template tests show these. */
export const messagePreviews: Readonly<Record<MessageTemplate, MessageContext>> = {
  order_received_payment_pending: {
    ...order,
    payment: {
      kind: 'transfer',
      url: 'https://pay.example/voucher/1',
      expiresAt: '2026-11-28T22:59:00.000Z',
    },
  },
  order_in_review: order,
  order_confirmed: {
    ...order,
    deliveries: [
      { method: 'license', status: 'ready', product: 'Editor Pro', keys: ['EDIT-1111-2222', 'EDIT-3333-4444'] },
      {
        method: 'download',
        status: 'ready',
        product: 'Handbook',
        filename: 'handbook.pdf',
        url: 'https://waybill.example/d/token?x=1&y=2',
        expiresAt: '2026-11-22T10:00:00.000Z',
      },
      { method: 'account', status: 'ready', product: 'Team workspace', loginUrl: 'https://host.example/login' },
      { method: 'attachment', status: 'ready', product: 'Cheat sheet', filename: 'cheat-sheet.pdf' },
      { method: 'parcel', status: 'pending', product: 'Printed handbook' },
    ],
    attachments: [{ filename: 'cheat-sheet.pdf', contentType: 'application/pdf', content: new Uint8Array([37, 80]) }],
  },
  delivery_ready: {
    ...order,
    deliveries: [{ method: 'license', status: 'ready', product: 'Plug-in', keys: ['PLUG-1111-2222'] }],
  },
  delivery_delayed: {
    ...order,
    deliveries: [
      { method: 'account', status: 'pending', product: 'Team workspace' },
      { method: 'license', status: 'ready', product: 'Plug-in', keys: ['PLUG-1111-2222'] },
    ],
  },
  line_refunded: {
    ...order,
    refund: {
      amount: 1190,
      lines: ['Handbook'],
      creditNoteUrl: 'https://waybill.example/invoices/2.pdf',
      explanation: null,
      appealUntil: null,
    },
  },
  tax_given_back: {
    ...order,
    refund: {
      amount: 2659,
      lines: ['Editor Pro'],
      creditNoteUrl: 'https://waybill.example/invoices/3.pdf',
      explanation: null,
      appealUntil: null,
    },
  },
  tax_kept_id_unknown: order,
  tax_kept_register_away: order,
  payment_declined: order,
  payment_expired: order,
  order_cancelled: order,
  order_rejected: order,
  withdrawal_received: {
    ...order,
    withdrawal: {
      id: 'wdr_7F3K92QXM4TN8WRB',
      name: 'Zoë Müller & Söhne',
      orderNumber: '7f3k-92qx-m4tn-8wrb',
      email: 'zoe@example.com',
      receivedAt: '2026-11-22T21:59:30.000Z',
    },
  },
  subscription_started: subscribed({}),
  trial_ending: subscribed({}),
  trial_ended: subscribed({}),
  renewal_reminder: subscribed({ interval: 'year' }),
  subscription_renewed: subscribed({}),
  payment_failed: subscribed({ advice: 'funds', stage: 'grace', stageUntil, retryAt: '2026-12-03T07:15:00.000Z' }),
  payment_last_notice: subscribed({ advice: 'new_method', stage: 'restricted', stageUntil }),
  access_restricted: subscribed({ advice: 'confirm', stage: 'restricted', stageUntil }),
  access_suspended: subscribed({ advice: 'ask_bank', stage: 'suspended', stageUntil }),
  subscription_recovered: subscribed({}),
  subscription_cancelled: subscribed({ ending: 'period_end' }),
  subscription_reactivated: subscribed({}),
  subscription_paused: subscribed({}),
  pause_ending: subscribed({}),
  subscription_resumed: subscribed({}),
  plan_changed: subscribed({ credit: 2975 }),
  price_change_notice: subscribed({ previousAmount: 4760 }),
  annual_reminder: subscribed({}),
  usage_alert: subscribed({ meter: 'exports', used: 8000, limit: 10_000 }),
  refund_requested: refunded(null),
  refund_approved: refunded('You withdrew within 14 days of the purchase (Directive 2011/83/EU, article 9).'),
  refund_refused: refunded('The 14 days for a withdrawal ended on 5 December 2026.', '2027-01-05T10:00:00.000Z'),
  refund_done: {
    ...order,
    refund: {
      amount: 1190,
      lines: ['Handbook'],
      creditNoteUrl: 'https://waybill.example/invoices/4.pdf',
      explanation: null,
      appealUntil: null,
    },
  },
  refund_to_store_credit: refunded(null),
  refund_failed: refunded(null),
  refund_reversed: refunded(null),
};

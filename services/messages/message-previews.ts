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
  links: { order: 'https://waybill.example/orders/1?a=1&b=2', invoice: 'https://waybill.example/invoices/1.pdf' },
  attachments: [],
};

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
    refund: { amount: 1190, lines: ['Handbook'], creditNoteUrl: 'https://waybill.example/invoices/2.pdf' },
  },
  tax_given_back: {
    ...order,
    refund: { amount: 2659, lines: ['Editor Pro'], creditNoteUrl: 'https://waybill.example/invoices/3.pdf' },
  },
  tax_kept_id_unknown: order,
  tax_kept_register_away: order,
  payment_declined: order,
  payment_expired: order,
  order_cancelled: order,
  order_rejected: order,
};

import type { OrderView } from '../../clients/http/order-view.ts';
import { taxConfirmationWorkflowId } from '../../workflows/tax-confirmation/tax-confirmation.contract.ts';
import type { Shop } from './shop.ts';

/** One way that an order can go; `play` returns when its workflow has ended. */
interface Scenario {
  /** Part of the file name: permanent once a history is committed. */
  readonly name: string;
  readonly play: (shop: Shop, place: (body: object) => Promise<OrderView>) => Promise<OrderView>;
  /** Another workflow that the order started, recorded under a name of its own. */
  readonly started?: { readonly name: string; readonly workflowId: (orderId: string) => string };
}

const customer = {
  email: 'ada@example.com',
  name: 'Ada Example',
  country: 'DE',
  ipCountry: 'DE',
  cardCountry: 'DE',
};
const lines = [{ price: 'editor-eur', quantity: 1 }];
const card = (token: string) => ({ method: 'card', token });
/** One licence, paid by a card that is approved. */
export const order = (change: object = {}) => ({
  currency: 'EUR',
  customer,
  lines,
  payment: card('tok_ok'),
  ...change,
});

/** What the scenarios buy. */
export async function stockShop(shop: Shop): Promise<void> {
  const products = {
    editor: { name: 'Pixel Editor', delivery: [{ method: 'license' }] },
    voucher: { name: 'Course Voucher', delivery: [{ method: 'license', pool: ['ONLY-ONE-THERE-IS'] }] },
    workspace: { name: 'Workspace', delivery: [{ method: 'account', host: 'default' }] },
  };
  for (const [id, product] of Object.entries(products)) {
    await shop.api.put(`/products/${id}`, { taxClass: 'software_download', ...product });
    await shop.api.put(`/prices/${id}-eur`, {
      product: id,
      currency: 'EUR',
      taxBehavior: 'inclusive',
      scheme: { type: 'per_unit', amount: 4900 },
    });
  }
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'completed',
    play: async (shop, place) => shop.untilEnded((await place(order())).id),
  },
  {
    name: 'business-tax-id-confirmed',
    play: async (shop, place) => {
      const business = { ...customer, country: 'FR', ipCountry: 'FR', cardCountry: 'FR', type: 'business' };
      const placed = await place(order({ customer: { ...business, businessTaxId: 'FR40303265045' } }));
      return shop.untilEnded(placed.id);
    },
  },
  {
    name: 'business-tax-id-unavailable',
    started: { name: 'tax-confirmation.confirmed', workflowId: taxConfirmationWorkflowId },
    play: async (shop, place) => {
      const business = { ...customer, country: 'IT', ipCountry: 'IT', cardCountry: 'IT', type: 'business' };
      const { id } = await place(order({ customer: { ...business, businessTaxId: 'IT00159560366' } }));
      await shop.untilEvent(id, 'tax_confirmation_started');
      await shop.askRegister(id);
      await shop.world.tellRegister('IT00159560366', 'confirmed');
      await shop.askRegister(id);
      return shop.untilEvent(id, 'tax_given_back');
    },
  },
  {
    name: 'screening-review-approved',
    play: async (shop, place) => {
      const placed = await place(order({ customer: { ...customer, email: 'ada@mailinator.com' } }));
      return approve(shop, placed.id, 'review_requested');
    },
  },
  {
    name: 'payment-review-approved',
    play: async (shop, place) => {
      const placed = await place(order({ payment: card('tok_risky') }));
      return approve(shop, placed.id, 'payment_review_requested');
    },
  },
  {
    name: 'authentication-completed',
    play: async (shop, place) => {
      const { id } = await place(order({ payment: card('tok_3ds') }));
      await shop.untilEvent(id, 'payment_waiting');
      await shop.passAuthentication(id);
      return shop.untilEnded(id);
    },
  },
  {
    name: 'pending-cancelled',
    play: async (shop, place) => {
      const { id } = await place(order({ payment: { method: 'voucher', token: 'tok_voucher' } }));
      await shop.untilEvent(id, 'payment_waiting');
      await shop.decide(id, 'cancel', { requestedBy: 'customer' });
      return shop.untilEnded(id);
    },
  },
  {
    name: 'declined',
    play: async (shop, place) => shop.untilEnded((await place(order({ payment: card('tok_funds') }))).id),
  },
  {
    name: 'line-refunded',
    play: async (shop, place) => {
      const placed = await place(order({ lines: [...lines, { price: 'voucher-eur', quantity: 2 }] }));
      return shop.untilEnded(placed.id);
    },
  },
  {
    // As before, by the process of refunds that everything else uses too (`patched('refund-process')`).
    name: 'line-refunded-by-process',
    play: async (shop, place) => {
      const placed = await place(order({ lines: [...lines, { price: 'voucher-eur', quantity: 2 }] }));
      return shop.untilEnded(placed.id);
    },
  },
  {
    // The host is away for longer than the customer is left waiting without a word (order-deadlines.ts).
    name: 'account-late',
    play: async (shop, place) => {
      await shop.world.addFault({ partner: 'account_host', kind: 'error', times: 7 });
      return shop.untilEnded((await place(order({ lines: [{ price: 'workspace-eur', quantity: 1 }] }))).id);
    },
  },
];

async function approve(shop: Shop, id: string, event: string): Promise<OrderView> {
  await shop.untilEvent(id, event);
  await shop.decide(id, 'review', { decision: 'approve', by: 'ops_7', note: '' });
  return shop.untilEnded(id);
}

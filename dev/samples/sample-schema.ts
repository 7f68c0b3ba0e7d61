import { z } from 'zod';
import { orderStatuses } from '../../domain/order/order-status.ts';
import { faultSchema } from '../sandbox/faults.ts';

/** Minor units. */
const amount = z.int();
/** As mails show it; "{number}" stands for the order's number. */
const subject = z.string().min(1);

/** What the customer, the operator or fate does after the order was placed, one after the other. */
const actSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('await_status'), status: z.enum(orderStatuses) }),
  /** Waits for the status of the payment, as GET /v1/orders/{id} shows it. */
  z.strictObject({ do: z.literal('await_payment'), status: z.string() }),
  z.strictObject({ do: z.literal('await_mail'), subject }),
  z.strictObject({ do: z.literal('complete_3ds') }),
  z.strictObject({ do: z.literal('settle') }),
  z.strictObject({ do: z.literal('cancel'), requestedBy: z.enum(['customer', 'merchant']) }),
  z.strictObject({
    do: z.literal('review'),
    decision: z.enum(['approve', 'reject']),
    by: z.string(),
    note: z.string(),
  }),
  z.strictObject({ do: z.literal('end_faults'), partner: z.string() }),
  /** The operator has the register of business tax ids asked now, as soon as the order waits for it. */
  z.strictObject({ do: z.literal('ask_register') }),
  /** POST /v1/refunds for the order; `problem`: the code that it is refused with. */
  z.strictObject({ do: z.literal('refund'), body: z.looseObject({}), problem: z.string().nullable().default(null) }),
  /** The customer withdraws on the public page. */
  z.strictObject({ do: z.literal('withdraw') }),
  /** As many more of the same order, all of them refunded as one job, which has to take these amounts. */
  z.strictObject({
    do: z.literal('refund_in_bulk'),
    others: z.int().positive(),
    refund: z.looseObject({ kind: z.string() }),
    amounts: z.array(z.strictObject({ currency: z.string(), orders: z.int(), amount })),
  }),
]);
export type Act = z.output<typeof actSchema>;

/** What is compared, field by field, with what the API, the acquirers and the inbox show in the end. */
const outcomeSchema = z.strictObject({
  status: z.enum(orderStatuses),
  statusReason: z.string().nullable(),
  refundStatus: z.enum(['none', 'partial', 'full']),
  amounts: z.strictObject({ currency: z.string(), net: amount, discount: amount, tax: amount, gross: amount }),
  /** Of all lines, one entry per jurisdiction, name and rate. */
  taxes: z.array(
    z.strictObject({ jurisdiction: z.string(), name: z.string(), rate: z.string(), base: amount, amount }),
  ),
  payment: z.strictObject({
    status: z.string(),
    gateway: z.string().nullable(),
    attempts: z.array(z.strictObject({ gateway: z.string(), status: z.string(), declineCode: z.string().nullable() })),
  }),
  deliveries: z.array(
    z.strictObject({
      line: z.string(),
      method: z.string(),
      status: z.string(),
      reason: z.string().nullable(),
      /** How many, all different. */
      licenseKeys: z.int(),
    }),
  ),
  invoice: z
    .strictObject({
      net: amount,
      tax: amount,
      gross: amount,
      currency: z.string(),
      placeOfSupply: z.strictObject({ country: z.string(), region: z.string().nullable() }),
      reverseCharge: z.boolean(),
    })
    .nullable(),
  /** What was asked back, the oldest first, and what was decided: "refused: eu.…". Left out where it is not the point. */
  refunds: z
    .array(z.strictObject({ status: z.string(), amount, toStoreCredit: amount, decision: z.string().nullable() }))
    .exactOptional(),
  creditNotes: z.array(z.strictObject({ net: amount, tax: amount, gross: amount, currency: z.string() })),
  /** Every payment that the acquirers hold under the order's id. */
  acquirers: z.array(
    z.strictObject({ acquirer: z.string(), currency: z.string(), captured: amount, refunded: amount }),
  ),
  /** All mails to the buyer, in any order. */
  mails: z.array(z.strictObject({ subject, attachments: z.array(z.string()) })),
  /** Entries that the timeline has, among others. */
  events: z.array(z.string()),
});
export type Outcome = z.output<typeof outcomeSchema>;

/** A refusal of POST /v1/orders: HTTP status, code of the failure catalogue, path of the first problem. */
const refusalSchema = z.strictObject({
  problem: z.strictObject({ status: z.int(), code: z.string(), path: z.string() }),
});

/** A file of dev/samples/orders. */
export const sampleSchema = z.strictObject({
  title: z.string().min(1),
  /** Set at the sandbox before the order is placed; such a sample runs alone. */
  before: z.array(faultSchema).default([]),
  /** Body of POST /v1/orders, as it is sent: bad input is a sample too. */
  order: z.looseObject({ customer: z.looseObject({ email: z.string(), name: z.string() }) }),
  during: z.array(actSchema).default([]),
  expect: z.union([refusalSchema, outcomeSchema]),
});
export type Sample = z.output<typeof sampleSchema> & {
  /** The file's name without its ending. */
  readonly name: string;
};

/** dev/samples/catalog.json: names of files in dev/samples/files, and bodies of PUT /v1/products and /v1/prices by id. */
export const sampleCatalogSchema = z.strictObject({
  files: z.array(z.string()),
  products: z.record(z.string(), z.looseObject({})),
  prices: z.record(z.string(), z.looseObject({})),
});
export type SampleCatalog = z.output<typeof sampleCatalogSchema>;

import { z } from 'zod';
import { instantSchema } from '../../services/catalog/catalog-schemas.ts';
import { faultSchema } from '../sandbox/faults.ts';

/** Name → body of the PUT that creates it. */
const bodies = z.record(z.string(), z.looseObject({})).default({});

/** What every step has beside the body of the call that it makes. */
const stepFields = {
  /** ISO 8601; steps are played in the order of time. */
  at: instantSchema,
  /** Later steps and the result know what the step made by this name. */
  as: z.string().min(1).exactOptional(),
  /** The code of the problem that the call is to be answered with; absent: it is to succeed. */
  refused: z.string().min(1).exactOptional(),
};

/** The name of an earlier step. */
const on = z.string().min(1);

/** Calls on something that an earlier step made; the rest of the step is the body of the call. */
const actions = [
  'preview',
  'change',
  'cancel',
  'pause',
  'resume',
  'reactivate',
  'paymentMethod',
  'retryPayment',
  'usage',
  'refund',
  'dispute',
  'approve',
  'reject',
  'settle',
  'complete3ds',
] as const;

const stepSchema = z.union([
  z.looseObject({ ...stepFields, do: z.literal('order') }),
  z.looseObject({ ...stepFields, do: z.enum(actions), on }),
  z.strictObject({ ...stepFields, do: z.literal('fault'), ...faultSchema.shape }),
  z.strictObject({ ...stepFields, do: z.literal('endFaults'), partner: faultSchema.shape.partner.exactOptional() }),
  /** Kills the workflow of a subscription behind everybody's back. */
  z.strictObject({ ...stepFields, do: z.literal('terminate'), on }),
  z.strictObject({ ...stepFields, do: z.literal('price'), id: z.string(), body: z.looseObject({}) }),
]);
export type Step = z.output<typeof stepSchema>;
export type Action = (typeof actions)[number];

/** Amounts are minor units. Only what is given is compared. */
const expectationSchema = z.strictObject({
  /** Of all invoices and credit notes, in the order of time: what was to be paid, or given back. */
  invoices: z.array(z.int()).exactOptional(),
  creditNotes: z.array(z.int()).exactOptional(),
  /** The first day of every billed period, in UTC. */
  periodStarts: z.array(z.iso.date()).exactOptional(),
  /** Status of every subscription, by the name of the step that made it. */
  subscriptions: z.record(z.string(), z.string()).exactOptional(),
  /** How many attempts were declined. */
  declines: z.int().exactOptional(),
  /** Templates of mails that were sent, among others. */
  messages: z.array(z.string()).exactOptional(),
});
export type Expectation = z.output<typeof expectationSchema>;

/** A file of `npm run simulate` (docs/api.md). */
export const scenarioSchema = z
  .strictObject({
    title: z.string().min(1).exactOptional(),
    start: instantSchema,
    until: instantSchema,
    catalog: z.strictObject({
      /** Name → text of the file. */
      files: z.record(z.string(), z.string()).default({}),
      products: bodies,
      prices: bodies,
      coupons: bodies,
    }),
    steps: z.array(stepSchema),
    expect: expectationSchema.exactOptional(),
  })
  .superRefine(({ start, until, steps }, context) => {
    const problem = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (until <= start) problem(['until'], 'must be after start');
    const known = new Set<string>();
    steps.forEach((step, index) => {
      if (step.at < start || step.at > until) problem(['steps', index, 'at'], 'must be between start and until');
      if ('on' in step && typeof step.on === 'string' && !known.has(step.on))
        problem(['steps', index, 'on'], `no earlier step has the name "${step.on}"`);
      if (step.as !== undefined && known.has(step.as)) problem(['steps', index, 'as'], 'the name is taken');
      if (step.as !== undefined) known.add(step.as);
    });
  });
export type Scenario = z.output<typeof scenarioSchema>;

import type { DeclineClass } from '../../payment/payment.ts';
import type { DatedRow } from '../../tax/dated-row.ts';
import { provenance } from './provenance.ts';

/** When a declined renewal is tried again, by the class of the decline. Rows hold by the day of the first failure. */
export interface RetryLadderRow extends DatedRow {
  readonly declineClass: DeclineClass;
  /** ISO 3166-1 alpha-2 of the customer's country, or `*` for those without a row. */
  readonly market: string;
  /** Minutes after the last attempt, for the first retries. */
  readonly minutes: readonly number[];
  /** Days after the first failure, in the customer's morning. */
  readonly days: readonly number[];
  /** Wait for a day on which people are paid, if one is near. */
  readonly paydays: boolean;
}

const since = { validFrom: '2020-01-01', validTo: null };
const ours = { ...since, ...provenance.ourPolicy };
const generally = { ...since, ...provenance.generalKnowledge };

/** Hard declines, confirmations and wrong data have no row: only the customer can go on. */
export const retryLadders: readonly RetryLadderRow[] = [
  {
    declineClass: 'soft_funds',
    market: '*',
    minutes: [],
    // One on the day before each stage (dunningStagesTable), when the customer has most to lose.
    days: [1, 3, 6, 10, 13, 20, 25],
    paydays: true,
    ...ours,
  },
  { declineClass: 'soft_technical', market: '*', minutes: [15, 240], days: [1, 4, 8, 14], paydays: false, ...ours },
  { declineClass: 'vague', market: '*', minutes: [], days: [1, 4, 8, 14], paydays: false, ...ours },
];

/** Hours of the customer's day in which charges are tried again, from inclusive, to exclusive. */
export const retryHours = [{ from: 8, to: 10, ...ours }] as const;

export interface PaydayRow extends DatedRow {
  readonly market: string;
  readonly daysOfMonth: readonly number[];
  /** ISO 8601: 1 is Monday. */
  readonly weekdays: readonly number[];
  /** How many days a retry may wait for one. */
  readonly withinDays: number;
}

export const paydays: readonly PaydayRow[] = [
  { market: '*', daysOfMonth: [1, 15], weekdays: [5], withinDays: 2, ...ours },
  { market: 'JP', daysOfMonth: [25], weekdays: [], withinDays: 2, ...generally },
];

/** From which day after the first failure the customer has what, and what they are told on which day. */
export interface DunningStagesRow extends DatedRow {
  readonly stages: readonly {
    readonly fromDay: number;
    readonly stage: 'grace' | 'restricted' | 'suspended' | 'cancelled';
  }[];
  readonly notices: readonly { readonly day: number; readonly template: DunningTemplate }[];
}

export type DunningTemplate =
  'payment_failed' | 'payment_last_notice' | 'access_restricted' | 'access_suspended' | 'subscription_cancelled';

export const dunningStagesTable: readonly DunningStagesRow[] = [
  {
    stages: [
      { fromDay: 0, stage: 'grace' },
      { fromDay: 7, stage: 'restricted' },
      { fromDay: 14, stage: 'suspended' },
      { fromDay: 28, stage: 'cancelled' },
    ],
    notices: [
      { day: 0, template: 'payment_failed' },
      { day: 3, template: 'payment_failed' },
      { day: 7, template: 'access_restricted' },
      { day: 12, template: 'payment_last_notice' },
      { day: 14, template: 'access_suspended' },
      { day: 25, template: 'payment_last_notice' },
      { day: 28, template: 'subscription_cancelled' },
    ],
    ...ours,
  },
];

/** How often a charge may be repeated in one case of dunning, by us and by the customer. */
export const retryLimits = [{ automatic: 8, ...ours }] as const;

/**
 * What becomes of a renewal that nobody paid. `void`: the order is closed and nothing is owed. `keep_open`: it may still
 * be paid, and brings the subscription back. `write_off`: it is owed, invoiced and booked as lost.
 */
export const claimPolicies = ['void', 'keep_open', 'write_off'] as const;
export type ClaimPolicy = (typeof claimPolicies)[number];

export interface EndOfDunningRow extends DatedRow {
  readonly market: string;
  readonly customerType: 'consumer' | 'business';
  readonly claim: ClaimPolicy;
}

/** Access was cut off early and most of the period was not used: nobody is asked for it. Where the claim is kept, say so here. */
export const endOfDunningPolicies: readonly EndOfDunningRow[] = [
  { market: '*', customerType: 'consumer', claim: 'void', ...ours },
  { market: '*', customerType: 'business', claim: 'void', ...ours },
];

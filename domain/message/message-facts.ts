import { fail } from '../failures.ts';

/** What the customer can do about a declined renewal, by the class of the decline. */
export const paymentAdvices = ['new_method', 'confirm', 'update_data', 'funds', 'ask_bank', 'nothing'] as const;
export type PaymentAdvice = (typeof paymentAdvices)[number];

const subscriptionEndings = ['period_end', 'now', 'unpaid', 'paused_too_long'] as const;
const unpaidStages = ['grace', 'restricted', 'suspended', 'cancelled'] as const;
const intervals = ['day', 'week', 'month', 'year'] as const;

/**
 * What was true of a subscription when a message about it was queued, and must still be said when it is sent. Null where
 * the message does not speak of it. Amounts are minor units of the order's currency, tax included; moments ISO 8601 UTC.
 */
export interface SubscriptionFacts {
  readonly subscription: string;
  /** IANA zone in which the customer reads dates. */
  readonly timeZone: string;
  /** One period: every `count` `interval`s. */
  readonly interval: (typeof intervals)[number] | null;
  readonly count: number | null;
  /** What was charged, or will be at `from`. */
  readonly amount: number | null;
  /** Before a change of the price. */
  readonly previousAmount: number | null;
  /** What a change of plan gave back for the unused time. */
  readonly credit: number | null;
  /** When it begins: the period, the change, the pause, the new price, the first charge after a trial. */
  readonly from: string | null;
  /** When it ends: the period that is paid for, the pause, the access. */
  readonly until: string | null;
  /** When we shall try to charge again; null: only the customer can go on. */
  readonly retryAt: string | null;
  readonly advice: PaymentAdvice | null;
  readonly stage: (typeof unpaidStages)[number] | null;
  /** When the stage ends and the next, harder one begins. */
  readonly stageUntil: string | null;
  readonly ending: (typeof subscriptionEndings)[number] | null;
  /** Of an alert: what was counted, how much of it, of how much. */
  readonly meter: string | null;
  readonly used: number | null;
  readonly limit: number | null;
}

type Described = Pick<SubscriptionFacts, 'subscription' | 'timeZone'> & Partial<SubscriptionFacts>;

/** The `data` of a message about a subscription (MessageRequest): nothing personal, absent facts left out. */
export function subscriptionMessageData(facts: Described): Readonly<Record<string, string>> {
  const known = Object.entries(facts).filter(([, value]) => value !== null);
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

/** Null when the message is not about a subscription. @throws message.data_invalid */
export function readSubscriptionFacts(data: Readonly<Record<string, string>>): SubscriptionFacts | null {
  const { subscription, timeZone } = data;
  if (subscription === undefined) return null;
  const text = (name: keyof SubscriptionFacts): string | null => data[name] ?? null;
  const number = (name: keyof SubscriptionFacts): number | null => {
    const value = data[name];
    if (value === undefined) return null;
    return Number.isFinite(Number(value)) ? Number(value) : invalid(name, value);
  };
  const oneOf = <Word extends string>(name: keyof SubscriptionFacts, words: readonly Word[]): Word | null => {
    const value = data[name];
    return value === undefined ? null : (words.find((word) => word === value) ?? invalid(name, value));
  };
  return {
    subscription,
    timeZone: timeZone ?? invalid('timeZone', 'nothing'),
    interval: oneOf('interval', intervals),
    count: number('count'),
    amount: number('amount'),
    previousAmount: number('previousAmount'),
    credit: number('credit'),
    from: text('from'),
    until: text('until'),
    retryAt: text('retryAt'),
    advice: oneOf('advice', paymentAdvices),
    stage: oneOf('stage', unpaidStages),
    stageUntil: text('stageUntil'),
    ending: oneOf('ending', subscriptionEndings),
    meter: text('meter'),
    used: number('used'),
    limit: number('limit'),
  };
}

function invalid(name: string, value: string): never {
  return fail('message.data_invalid', `data.${name} of a message cannot be "${value}"`);
}

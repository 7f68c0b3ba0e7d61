import type { CardNetwork } from '../../domain/dunning/retry-attempt.ts';
import { addDays, startOfDay } from '../../domain/time/calendar-date.ts';
import { localDate } from '../../domain/time/local-date.ts';
import { seededRandom } from '../chaos/seeded-random.ts';
import type { SeededRandom } from '../chaos/seeded-random.ts';

type Cause = 'funds' | 'vague' | 'technical' | 'data' | 'hard' | 'authentication';

/** What the issuer answers while the cause lasts. */
export interface Decline {
  readonly code: string;
  readonly networkCode: string;
  readonly advice: string | null;
}

/** A card whose renewal has just failed, and everything that will happen to it. The same under every policy. */
export interface FailingCard {
  readonly id: number;
  readonly cause: Cause;
  readonly network: CardNetwork;
  readonly issuerCountry: string;
  readonly timeZone: string;
  /** Minor units of EUR. */
  readonly amount: number;
  /** Epoch milliseconds. */
  readonly failedAt: number;
  readonly decline: Decline;
  /** Half-open spans in which a charge would go through. */
  readonly good: readonly (readonly [from: number, to: number])[];
  /** When the customer follows the mails and pays; null: never. */
  readonly customerPaysAt: number | null;
}

const hour = 3_600_000;
const day = 24 * hour;
/** Nothing is looked at later than this after the failure. */
export const horizonDays = 28;

/**
 * The assumptions, in one place. They are ours, not measured: what the comparison shows holds as far as they do. They
 * favour no policy: when money comes in and when customers react is decided before anybody tries anything.
 */
export const assumptions = {
  causes: [
    { weight: 45, cause: 'funds' },
    { weight: 20, cause: 'vague' },
    { weight: 10, cause: 'technical' },
    { weight: 10, cause: 'data' },
    { weight: 8, cause: 'hard' },
    { weight: 7, cause: 'authentication' },
  ],
  /** When people are paid. The schedule of the product knows the 1st, the 15th and Fridays; it does not know the rest. */
  paydays: [
    { weight: 25, payday: 'first' },
    { weight: 15, payday: 'fifteenth' },
    { weight: 20, payday: 'friday' },
    { weight: 15, payday: 'twenty_fifth' },
    { weight: 15, payday: 'last' },
    { weight: 10, payday: 'any' },
  ],
  /** The share of paydays after which there is enough, and for how many days. */
  enoughAfterPayday: 0.7,
  enoughForDays: [2, 9],
  technicalHoursMean: 6,
  vagueHeals: 0.6,
  vagueDaysMean: 4,
  customerPays: { funds: 0.15, vague: 0.15, technical: 0.05, data: 0.45, hard: 0.4, authentication: 0.5 },
  customerDaysMean: 4,
} as const;

const places = [
  { weight: 30, country: 'DE', timeZone: 'Europe/Berlin' },
  { weight: 30, country: 'US', timeZone: 'America/New_York' },
  { weight: 10, country: 'US', timeZone: 'America/Los_Angeles' },
  { weight: 15, country: 'GB', timeZone: 'Europe/London' },
  { weight: 10, country: 'BR', timeZone: 'America/Sao_Paulo' },
  { weight: 5, country: 'IN', timeZone: 'Asia/Kolkata' },
] as const;

const networks = [
  { weight: 55, name: 'visa' },
  { weight: 38, name: 'mastercard' },
  { weight: 7, name: 'amex' },
] as const;

const hardCodes = [
  ['stolen_card', '43'],
  ['lost_card', '41'],
  ['revocation_of_authorization', 'R1'],
] as const;

/** The same seed gives the same cards on every machine. */
export function failingCards(seed: number, count: number): readonly FailingCard[] {
  return Array.from({ length: count }, (_, id) => failingCard(id, seededRandom(seed, id)));
}

function failingCard(id: number, random: SeededRandom): FailingCard {
  const { cause } = random.pickWeighted<(typeof assumptions.causes)[number]>(assumptions.causes);
  const { country, timeZone } = random.pickWeighted<(typeof places)[number]>(places);
  const network = random.pickWeighted<(typeof networks)[number]>(networks).name;
  const failedAt = Date.UTC(2026, 0, 1) + Math.floor(random.next() * 365 * day);
  const pays = random.next() < assumptions.customerPays[cause];
  const reacts = failedAt + hour + exponential(random, assumptions.customerDaysMean * day);
  return {
    id,
    cause,
    network,
    issuerCountry: country,
    timeZone,
    amount: random.pick([490, 990, 1490, 1990, 2990, 4990, 9900, 19_900]),
    failedAt,
    decline: declineOf(cause, network, random),
    good: goodSpans(cause, failedAt, timeZone, random),
    customerPaysAt: pays && reacts < failedAt + horizonDays * day ? reacts : null,
  };
}

function goodSpans(cause: Cause, failedAt: number, timeZone: string, random: SeededRandom): FailingCard['good'] {
  const end = failedAt + horizonDays * day;
  switch (cause) {
    case 'funds':
      return fundedSpans(failedAt, timeZone, random);
    case 'technical':
      return [[failedAt + exponential(random, assumptions.technicalHoursMean * hour), end]];
    case 'vague': {
      const heals = failedAt + exponential(random, assumptions.vagueDaysMean * day);
      return random.next() < assumptions.vagueHeals ? [[heals, end]] : [];
    }
    default:
      return [];
  }
}

/** Money comes in before six in the morning of a payday and lasts for some days. */
function fundedSpans(failedAt: number, timeZone: string, random: SeededRandom): FailingCard['good'] {
  const { payday } = random.pickWeighted<(typeof assumptions.paydays)[number]>(assumptions.paydays);
  const chosen = random.between(1, 28);
  const [least, most] = assumptions.enoughForDays;
  const first = localDate(new Date(failedAt).toISOString(), timeZone);
  const spans: (readonly [number, number])[] = [];
  for (let later = 1; later <= horizonDays; later += 1) {
    const date = addDays(first, later);
    if (!isPayday(payday, date, chosen) || random.next() >= assumptions.enoughAfterPayday) continue;
    const from = Date.parse(startOfDay(date, timeZone)) + 6 * hour;
    spans.push([from, from + random.between(least, most) * day]);
  }
  return spans;
}

function isPayday(payday: (typeof assumptions.paydays)[number]['payday'], date: string, chosen: number): boolean {
  const dayOfMonth = Number(date.slice(8));
  switch (payday) {
    case 'first':
      return dayOfMonth === 1;
    case 'fifteenth':
      return dayOfMonth === 15;
    case 'twenty_fifth':
      return dayOfMonth === 25;
    case 'last':
      return addDays(date, 1).endsWith('-01');
    case 'friday':
      return new Date(`${date}T00:00:00Z`).getUTCDay() === 5;
    case 'any':
      return dayOfMonth === chosen;
  }
}

function declineOf(cause: Cause, network: CardNetwork, random: SeededRandom): Decline {
  const advised = (advices: readonly [string | null, ...(string | null)[]]) =>
    network === 'mastercard' ? random.pick(advices) : null;
  switch (cause) {
    case 'funds':
      return {
        code: 'insufficient_funds',
        networkCode: '51',
        advice: advised([null, null, null, '02', '26', '27', '30']),
      };
    case 'vague':
      return { code: 'do_not_honor', networkCode: '05', advice: advised([null, null, '02', '28']) };
    case 'technical':
      return { code: 'issuer_not_available', networkCode: '91', advice: advised([null, '24']) };
    case 'data':
      return { code: 'expired_card', networkCode: '54', advice: advised(['01', null]) };
    case 'hard': {
      const [code, networkCode] = random.pick<(typeof hardCodes)[number]>(hardCodes);
      return { code, networkCode, advice: advised(['03', '21']) };
    }
    case 'authentication':
      return { code: 'authentication_required', networkCode: '1A', advice: null };
  }
}

function exponential(random: SeededRandom, mean: number): number {
  return -Math.log(1 - random.next()) * mean;
}

/**
 * The networks' rules and our own once more, written from the reference without looking at the governor: it goes through
 * a whole history of a card with literal numbers, where the governor reads rows and a bounded log.
 */
export interface SentAttempt {
  readonly merchant: string;
  readonly amount: number;
  readonly network: string | null;
  readonly issuerCountry: string | null;
  readonly by: 'automatic' | 'customer';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly approved: boolean;
  readonly declineClass: string | null;
  readonly networkCode: string | null;
  readonly advice: string | null;
  /** Nobody was asked whether it may be sent: it counts, and is not judged. */
  readonly unasked?: boolean;
}

export interface Violation {
  readonly whose: 'network' | 'own';
  readonly rule: string;
  readonly at: number;
}

const hour = 3_600_000;
const day = 24 * hour;
const visaNever = new Set('04 07 12 15 41 43 57 R0 R1 R3 03 14 46 62 78 93'.split(' '));
const adviceHours = new Map([
  ['02', 72],
  ['03', 720],
  ['21', 720],
  ['24', 1],
  ['25', 24],
  ['26', 48],
  ['27', 96],
  ['28', 144],
  ['29', 192],
  ['30', 240],
]);

/** Every attempt of one card that should not have been sent. `attempts` in the order in which they were sent. */
export function forbiddenAttempts(attempts: readonly SentAttempt[]): readonly Violation[] {
  const found: Violation[] = [];
  attempts.forEach((attempt, index) => {
    if (attempt.unasked === true) return;
    const before = attempts.slice(0, index);
    const violate = (whose: Violation['whose'], rule: string) => found.push({ whose, rule, at: attempt.at });
    if (attempt.network === 'visa' || attempt.network === null) checkVisa(attempt, before, violate);
    if (attempt.network === 'mastercard' || attempt.network === null) checkMastercard(attempt, before, violate);
    checkOwn(attempt, before, violate);
  });
  return found;
}

type Violate = (whose: Violation['whose'], rule: string) => void;

function checkVisa(attempt: SentAttempt, before: readonly SentAttempt[], violate: Violate): void {
  if (before.some((one) => !one.approved && one.networkCode !== null && visaNever.has(one.networkCode))) {
    violate('network', 'Visa category 1');
  }
  const most = attempt.at >= Date.UTC(2025, 4, 25) ? 20 : 15;
  const series = failuresInARow(attempt, before);
  const again = repeats(series).filter((one) => attempt.at - one.at < 30 * day);
  const last = series.at(-1);
  const isAgain = last !== undefined && attempt.at - last.at < 30 * day;
  if (isAgain && again.length >= most) violate('network', `Visa ${most} in 30 days`);
}

function checkMastercard(attempt: SentAttempt, before: readonly SentAttempt[], violate: Violate): void {
  const declines = before.filter((one) => !one.approved && attempt.at - one.at < day);
  if (declines.length >= 10) violate('network', 'Mastercard 10 in 24 hours');
  const same = failuresInARow(attempt, before).filter((one) => attempt.at - one.at < 30 * day);
  if (same.length >= 35) violate('network', 'Mastercard 35 in 30 days');
  for (const { advice, at } of before) {
    const hours = advice === null ? undefined : adviceHours.get(advice);
    if (hours !== undefined && attempt.at < at + hours * hour) violate('network', `Mastercard advice ${advice ?? ''}`);
  }
}

function checkOwn(attempt: SentAttempt, before: readonly SentAttempt[], violate: Violate): void {
  let unlifted = new Set<string>();
  for (const one of before) {
    if (one.approved) unlifted = new Set();
    else if (one.declineClass !== null) unlifted.add(one.declineClass);
  }
  if (unlifted.has('hard')) violate('own', 'hard decline');
  const series = failuresInARow(attempt, before);
  if (attempt.by === 'customer') {
    const own = repeats(series).filter(({ by, at }) => by === 'customer' && attempt.at - at < 21 * day);
    if (own.length >= 5) violate('own', 'five by the customer');
    return;
  }
  if (unlifted.has('authentication') || unlifted.has('fix_data')) violate('own', 'only the customer can go on');
  if (attempt.issuerCountry === 'IN' && series.some(({ at }) => attempt.at - at < 30 * day)) violate('own', 'India');
  const automatic = series.filter(({ by }) => by === 'automatic');
  if (automatic.some((one) => one.declineClass !== 'soft_technical' && attempt.at - one.at < day)) {
    violate('own', 'one in 24 hours');
  }
  const retries = repeats(series).filter(({ by, at }) => by === 'automatic' && attempt.at - at < 21 * day);
  if (retries.length >= 8) violate('own', 'eight in 21 days');
}

/** What comes 30 days after the last failure is a new charge; the others are the same one again. */
function repeats(series: readonly SentAttempt[]): readonly SentAttempt[] {
  return series.filter((one, place) => {
    const previous = series[place - 1];
    return previous !== undefined && one.at - previous.at < 30 * day;
  });
}

/** Those of the same merchant and amount since one of them went through, newest last. */
function failuresInARow(attempt: SentAttempt, before: readonly SentAttempt[]): readonly SentAttempt[] {
  const same = before.filter(({ merchant, amount }) => merchant === attempt.merchant && amount === attempt.amount);
  return same.slice(same.findLastIndex(({ approved }) => approved) + 1);
}

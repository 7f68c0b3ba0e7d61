import type { Payment, PaymentAttempt } from '../../domain/payment/payment.ts';

const dayMs = 86_400_000;
/** The strictest that any network allows of one amount on one card at one merchant (domain-rules 4.2). */
const attemptsIn30Days = 15;
const neverAgain = new Set(['hard', 'authentication']);

/**
 * Attempts that card networks forbid whatever our policy says. Written again here, and not asked of the code that
 * decides, so that a mistake there is seen.
 */
export function forbiddenAttempts(payments: readonly Payment[]): readonly string[] {
  return payments.flatMap(({ orderId, attempts }) => {
    const byCard = new Map<string, PaymentAttempt[]>();
    for (const attempt of attempts) {
      const card = attempt.cardKey ?? 'unknown card';
      byCard.set(card, [...(byCard.get(card) ?? []), attempt]);
    }
    return [...byCard.values()].flatMap((tries) =>
      tries.flatMap((attempt, index) => {
        const reason = forbiddenBy(tries.slice(0, index), attempt);
        return reason === null ? [] : [`${orderId}, attempt ${attempt.attempt}: ${reason}`];
      }),
    );
  });
}

function forbiddenBy(before: readonly PaymentAttempt[], { at }: PaymentAttempt): string | null {
  const refused = before.find(({ declineClass }) => declineClass !== null && neverAgain.has(declineClass));
  if (refused !== undefined) return `the card was refused for good (${refused.declineCode ?? 'no code'})`;
  const recent = before.filter((earlier) => Date.parse(at) - Date.parse(earlier.at) < 30 * dayMs);
  return recent.length > attemptsIn30Days ? `more than ${attemptsIn30Days} repeats in 30 days` : null;
}

import { fail } from '../failures.ts';

export const riskRuleNames = [
  'amount.high',
  'amount.very_high',
  'amount.unknown_currency',
  'country.mismatch',
  'country.two_mismatches',
  'mail.disposable',
  'provider.signals',
  'velocity.email_hour',
  'velocity.email_day',
] as const;
export type RiskRuleName = (typeof riskRuleNames)[number];

/** Everything about screening that experience changes: dated, so that an old decision can be explained. */
export interface RiskPolicy {
  /** ISO dates, half-open; `validTo: null` is in force. */
  readonly validFrom: string;
  readonly validTo: string | null;
  readonly source: string;
  readonly weights: Readonly<Record<RiskRuleName, number>>;
  /** Sum of weights from which a person looks at the order, and from which it is refused. */
  readonly reviewFrom: number;
  readonly rejectFrom: number;
  /** Euro cents, roughly converted. */
  readonly highAmount: number;
  readonly veryHighAmount: number;
  /** Orders of one inbox in that time, the present one included, above which it looks like a machine. */
  readonly ordersPerHour: number;
  readonly ordersPerDay: number;
}

export const riskPolicies: readonly RiskPolicy[] = [
  {
    validFrom: '2026-01-01',
    validTo: null,
    source: 'opening policy, set by hand: to be fitted once decisions and chargebacks can be compared',
    weights: {
      // Costs more when wrong, but large orders are wanted: never a review by itself …
      'amount.high': 20,
      // … except from EUR 10 000 on, the amount from which Regulation (EU) 2024/1624 art. 19 has those whom it obliges
      // look at an occasional buyer; taken over as an order of magnitude.
      'amount.very_high': 20,
      // Says only that we could not compare it.
      'amount.unknown_currency': 10,
      // Travellers, expatriates and VPNs: common and mostly honest.
      'country.mismatch': 30,
      // Neither the card nor the connection is where the buyer says to be.
      'country.two_mismatches': 20,
      // Nobody can be reached there afterwards, and a licence key will be.
      'mail.disposable': 40,
      // The acquirer sees the card at other merchants: always worth a look.
      'provider.signals': 40,
      // Card testing comes in bursts from few inboxes; companies that buy seat by seat stay below both.
      'velocity.email_hour': 30,
      'velocity.email_day': 30,
    },
    reviewFrom: 40,
    // Two strong signals go to a person; it takes three things to refuse without one.
    rejectFrom: 85,
    highAmount: 500_00,
    veryHighAmount: 10_000_00,
    ordersPerHour: 20,
    ordersPerDay: 50,
  },
];

/** The policy of that moment (ISO 8601 UTC); before the first one, the first. */
export function riskPolicyAt(at: string): RiskPolicy {
  const day = at.slice(0, 10);
  const current = riskPolicies.find(
    ({ validFrom, validTo }) => validFrom <= day && (validTo === null || day < validTo),
  );
  return current ?? riskPolicies[0] ?? fail('internal.unexpected', 'there is no risk policy');
}

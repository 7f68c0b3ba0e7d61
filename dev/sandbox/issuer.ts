import { createHash } from 'node:crypto';

/** Why the customer's bank says no, in neutral words; each acquirer has codes of its own for it. */
export type Refusal =
  | 'insufficient_funds'
  | 'stolen_card'
  | 'expired_card'
  | 'do_not_honor'
  | 'issuer_unavailable'
  | 'invalid_number'
  | 'authentication_required'
  | 'authentication_failed';

export type IssuerVerdict =
  | { readonly kind: 'approve'; readonly riskSignals: readonly string[] }
  | { readonly kind: 'refuse'; readonly refusal: Refusal }
  | { readonly kind: 'challenge' }
  | { readonly kind: 'await_funds' };

/** How the answer travels back; `drop`: the connection is cut after the work is done. */
export type AnswerTransport = 'normal' | 'drop' | 'slow';

export interface IssuerDecision {
  readonly verdict: IssuerVerdict;
  readonly transport: AnswerTransport;
}

/** The card behind a token, the same at every acquirer. */
export interface IssuedCard {
  readonly fingerprint: string;
  readonly scheme: 'visa' | 'mastercard';
  readonly issuerCountry: string;
}

/** What Mastercard's issuers advise with a refusal; Visa's have no such field. */
export const adviceOf: Readonly<Partial<Record<Refusal, string>>> = {
  stolen_card: '03',
  invalid_number: '03',
  expired_card: '01',
  do_not_honor: '02',
  issuer_unavailable: '02',
};

const mastercards = new Set(['tok_stolen', 'tok_do_not_honor']);

const approve: IssuerVerdict = { kind: 'approve', riskSignals: [] };
const refusal = (reason: Refusal): IssuerVerdict => ({ kind: 'refuse', refusal: reason });
const normal = (verdict: IssuerVerdict): IssuerDecision => ({ verdict, transport: 'normal' });

/** The tokens of api.md, "Sandbox partners". */
const decisions: ReadonlyMap<string, IssuerDecision> = new Map([
  ['tok_ok', normal(approve)],
  ['tok_funds', normal(refusal('insufficient_funds'))],
  ['tok_stolen', normal(refusal('stolen_card'))],
  ['tok_expired', normal(refusal('expired_card'))],
  ['tok_do_not_honor', normal(refusal('do_not_honor'))],
  ['tok_technical', normal(refusal('issuer_unavailable'))],
  ['tok_3ds', normal({ kind: 'challenge' })],
  ['tok_lost_ok', { verdict: approve, transport: 'drop' }],
  ['tok_lost_declined', { verdict: refusal('insufficient_funds'), transport: 'drop' }],
  ['tok_slow', { verdict: approve, transport: 'slow' }],
  ['tok_bank', normal({ kind: 'await_funds' })],
  ['tok_voucher', normal({ kind: 'await_funds' })],
  ['tok_risky', normal({ kind: 'approve', riskSignals: ['velocity', 'ip_country_mismatch'] })],
]);

/**
 * The banks behind the cards. One for all acquirers: a card remembers its history wherever it is charged. Asked once
 * per new payment, never for a replay.
 */
export function createIssuer() {
  /** Charges so far of each `tok_ok_then_funds_N`, per cardholder where the merchant names one. */
  const histories = new Map<string, { readonly offSessionRefusals: number }>();

  function thenFunds(refusals: number, card: string, offSession: boolean): IssuerDecision {
    const history = histories.get(card);
    if (history === undefined) {
      histories.set(card, { offSessionRefusals: 0 });
      return normal(approve);
    }
    if (!offSession || history.offSessionRefusals >= refusals) return normal(approve);
    histories.set(card, { offSessionRefusals: history.offSessionRefusals + 1 });
    return normal(refusal('insufficient_funds'));
  }

  return {
    /** A token that several customers use, as tests do, stands for a card of each of them. */
    card: (token: string, cardholder: string | null): IssuedCard => ({
      fingerprint: `fp_${createHash('sha256')
        .update(`${token} ${cardholder ?? ''}`)
        .digest('hex')
        .slice(0, 16)}`,
      scheme: mastercards.has(token) ? 'mastercard' : 'visa',
      issuerCountry: 'DE',
    }),
    decide(charge: {
      readonly token: string;
      readonly cardholder: string | null;
      readonly offSession: boolean;
    }): IssuerDecision {
      const refusals = /^tok_ok_then_funds_(\d{1,3})$/.exec(charge.token)?.[1];
      if (refusals !== undefined)
        return thenFunds(Number(refusals), `${charge.token} ${charge.cardholder ?? ''}`, charge.offSession);
      if (charge.token === 'tok_3ds' && charge.offSession) return normal(refusal('authentication_required'));
      return decisions.get(charge.token) ?? normal(refusal('invalid_number'));
    },
  };
}

export type Issuer = ReturnType<typeof createIssuer>;

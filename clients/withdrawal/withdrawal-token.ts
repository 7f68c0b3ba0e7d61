import { SignJWT, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { Locale } from '../../domain/order/order.ts';
import { readWithdrawalForm } from './withdrawal-form.ts';
import type { WithdrawalForm } from './withdrawal-form.ts';

const audience = 'withdrawal';
/** Time to read the second page and think about it. */
const validForMs = 2 * 3_600_000;

export interface DraftedWithdrawal {
  /** Id of the statement, if it is made: the same however often the second step is sent. */
  readonly id: string;
  readonly form: WithdrawalForm;
  readonly locale: Locale;
}

const claims = z.object({
  jti: z.string().regex(/^wdr_[0-9A-Z]{16}$/),
  form: z.unknown(),
  locale: z.enum(['en', 'de']),
});

/** What the first step hands to the second: signed, so that what is confirmed is what was shown, and nobody else's page can confirm. */
export function createWithdrawalTokens(signingKey: Uint8Array) {
  return {
    /** @param at ISO 8601 UTC */
    seal: ({ id, form, locale }: DraftedWithdrawal, at: string): Promise<string> =>
      new SignJWT({ form, locale })
        .setProtectedHeader({ alg: 'HS256' })
        .setJti(id)
        .setAudience(audience)
        .setIssuedAt(new Date(at))
        .setExpirationTime(new Date(Date.parse(at) + validForMs))
        .sign(signingKey),

    /** null: not sealed here, or too long ago. */
    async open(token: string, at: string): Promise<DraftedWithdrawal | null> {
      try {
        const options = { audience, algorithms: ['HS256'], currentDate: new Date(at) };
        const { payload } = await jwtVerify(token, signingKey, options);
        const { jti, form, locale } = claims.parse(payload);
        return { id: jti, form: readWithdrawalForm(form).form, locale };
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}

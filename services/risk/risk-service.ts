import { fail } from '../../domain/failures.ts';
import type { Order, Screening } from '../../domain/order/order.ts';
import { emailDomain } from '../../domain/risk/email-fingerprint.ts';
import { riskPolicyAt } from '../../domain/risk/risk-policy.ts';
import { screen } from '../../domain/risk/risk-rules.ts';
import { roughEuroCents } from '../../domain/risk/screening-rates.ts';
import { emailHash } from './email-hash.ts';

export interface RiskServiceDeps {
  /** Orders recorded since that moment (ISO 8601 UTC) under the hash of this inbox (`emailHash`). */
  readonly countRecentOrders: (query: { readonly emailHash: string; readonly since: string }) => Promise<number>;
}

export type RiskService = ReturnType<typeof createRiskService>;

const hourMs = 3_600_000;

export function createRiskService({ countRecentOrders }: RiskServiceDeps) {
  return {
    /**
     * Screens a priced order by the policy of `at`: once before the payment, and again with what the acquirer said.
     * @throws order.state_conflict when the order has no quote yet
     */
    async screen(order: Order, providerSignals: readonly string[], at: string): Promise<Screening> {
      const { customer, quote } = order;
      if (quote === null) return fail('order.state_conflict', `order ${order.id} is screened before it is priced`);
      const hash = emailHash(customer.email);
      const countSince = (ms: number): Promise<number> =>
        countRecentOrders({ emailHash: hash, since: new Date(Date.parse(at) - ms).toISOString() });
      const ordersLastDayByEmail = await countSince(24 * hourMs);
      // The only order of the day is this one: nothing more to ask.
      const ordersLastHourByEmail = ordersLastDayByEmail <= 1 ? ordersLastDayByEmail : await countSince(hourMs);
      const facts = {
        amount: roughEuroCents({ amount: quote.gross, currency: quote.currency }),
        country: customer.country,
        ipCountry: customer.ipCountry,
        cardCountry: customer.cardCountry,
        emailDomain: emailDomain(customer.email),
        ordersLastHourByEmail,
        ordersLastDayByEmail,
        providerSignals,
      };
      return screen(facts, riskPolicyAt(at));
    },
  };
}

import { fail } from '../../domain/failures.ts';
import type { Order, Screening } from '../../domain/order/order.ts';
import { emailDomain } from '../../domain/risk/email-fingerprint.ts';
import { riskPolicyAt } from '../../domain/risk/risk-policy.ts';
import { screen } from '../../domain/risk/risk-rules.ts';
import { roughEuroCents } from '../../domain/risk/screening-rates.ts';
import { emailHash } from './email-hash.ts';

export interface RiskServiceDeps {
  /** When orders were recorded (ISO 8601 UTC) since that moment under the hash of this inbox (`emailHash`). */
  readonly recentOrders: (query: { readonly emailHash: string; readonly since: string }) => Promise<readonly string[]>;
}

export type RiskService = ReturnType<typeof createRiskService>;

const hourMs = 3_600_000;

export function createRiskService({ recentOrders }: RiskServiceDeps) {
  return {
    /**
     * Screens a priced order by the policy of `at`: once before the payment, and again with what the acquirer said.
     * @throws order.state_conflict when the order has no quote yet
     */
    async screen(order: Order, providerSignals: readonly string[], at: string): Promise<Screening> {
      const { customer, quote } = order;
      if (quote === null) return fail('order.state_conflict', `order ${order.id} is screened before it is priced`);
      const ago = (ms: number): string => new Date(Date.parse(at) - ms).toISOString();
      const lastDay = await recentOrders({ emailHash: emailHash(customer.email), since: ago(24 * hourMs) });
      const hourAgo = ago(hourMs);
      const facts = {
        amount: roughEuroCents({ amount: quote.gross, currency: quote.currency }),
        country: customer.country,
        ipCountry: customer.ipCountry,
        cardCountry: customer.cardCountry,
        emailDomain: emailDomain(customer.email),
        ordersLastHourByEmail: lastDay.filter((recorded) => recorded >= hourAgo).length,
        ordersLastDayByEmail: lastDay.length,
        providerSignals,
      };
      return screen(facts, riskPolicyAt(at));
    },
  };
}

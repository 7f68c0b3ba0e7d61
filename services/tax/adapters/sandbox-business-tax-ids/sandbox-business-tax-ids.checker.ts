import { requestPartner } from '../../../http/partner-request.ts';
import type { BusinessTaxIdChecker } from '../../business-tax-id-checker.ts';
import type { SandboxBusinessTaxIdsConfig } from './sandbox-business-tax-ids.config.ts';
import { toBusinessTaxIdAnswer, toRegisterRequest } from './sandbox-business-tax-ids.mapping.ts';

/** The sandbox's register of business tax ids. Whatever goes wrong is `unavailable`. */
export function createSandboxBusinessTaxIds(config: SandboxBusinessTaxIdsConfig): BusinessTaxIdChecker {
  return {
    async check({ country, businessTaxId }) {
      const answer = await requestPartner({
        method: 'POST',
        url: `${config.baseUrl}/business-tax-ids/check-vat-number`,
        apiKey: config.apiKey,
        timeoutMs: config.timeoutMs,
        body: toRegisterRequest(country, businessTaxId),
      });
      if (answer.kind !== 'answered') return { status: 'unavailable', reason: answer.reason };
      // A number that the register does not even accept as a number is not a number it knows.
      if (answer.status === 400) return { status: 'unknown' };
      if (answer.status !== 200) return { status: 'unavailable', reason: `status ${answer.status}` };
      return toBusinessTaxIdAnswer(answer.body);
    },
  };
}

import { fail } from '../../../../domain/failures.ts';
import { taxResultProblems } from '../../../../domain/tax/check-tax-result.ts';
import { requestPartner } from '../../../http/partner-request.ts';
import type { TaxEngine } from '../../tax-engine.ts';
import type { RemoteTaxEngineConfig } from './remote-tax-engine.config.ts';
import { toRefusal, toTaxResult } from './remote-tax-engine.mapping.ts';

/**
 * An engine of somebody else behind HTTP: `POST {baseUrl}/compute-tax` with a TaxRequest as JSON answers 200 and a
 * TaxResult, or 422 and a problem whose `code` is one of the port's. What it answers is added up before it is believed.
 */
export function createRemoteTaxEngine(config: RemoteTaxEngineConfig): TaxEngine {
  return {
    async computeTax(request) {
      const answer = await requestPartner({
        method: 'POST',
        url: `${config.baseUrl}/compute-tax`,
        apiKey: config.apiKey,
        timeoutMs: config.timeoutMs,
        body: request,
      });
      if (answer.kind !== 'answered') return fail('tax.engine_unavailable', answer.reason);
      if (answer.status === 422) {
        const refusal = toRefusal(answer.body);
        return refusal === null
          ? fail('tax.engine_answer_invalid', 'a refusal that cannot be read')
          : fail(refusal.code, refusal.detail);
      }
      if (answer.status !== 200) return fail('tax.engine_unavailable', `status ${answer.status}`);
      const result = toTaxResult(answer.body) ?? fail('tax.engine_answer_invalid', 'an answer that cannot be read');
      const [problem] = taxResultProblems(request, result);
      return problem === undefined ? result : fail('tax.engine_answer_invalid', problem);
    },
  };
}

import { fail } from '../../../../domain/failures.ts';
import { requestPartner } from '../../../http/partner-request.ts';
import type { RatePublisher } from '../../rate-publisher.ts';
import type { EcbConfig } from './ecb.config.ts';
import { toPublications } from './ecb.mapping.ts';

const files = { newest: 'eurofxref-daily.xml', last_90_days: 'eurofxref-hist-90d.xml' } as const;

/** The reference rates of the European Central Bank, published on working days at about 16:00 in Frankfurt. */
export function createEcbPublisher({ baseUrl, timeoutMs }: EcbConfig): RatePublisher {
  return {
    async read(period) {
      const url = `${baseUrl}/${files[period]}`;
      const answer = await requestPartner({ method: 'GET', url, apiKey: null, timeoutMs, accept: 'text/xml' });
      if (answer.kind !== 'answered') return fail('exchange_rates.unavailable', answer.reason);
      if (answer.status !== 200) return fail('exchange_rates.unavailable', `status ${answer.status}`);
      return toPublications(typeof answer.body === 'string' ? answer.body : '');
    },
  };
}

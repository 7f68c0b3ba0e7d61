import { z } from 'zod';
import { fail } from '../../../../domain/failures.ts';
import { requestPartner } from '../../../http/partner-request.ts';
import type { PartnerAnswer } from '../../../http/partner-request.ts';
import type { AccountHost } from '../../account-host.ts';
import type { SandboxAccountHostConfig } from './sandbox-account-host.config.ts';

const id = 'sandbox_account_host';
const accountAnswer = z.object({ account: z.object({ accountId: z.string().min(1), loginUrl: z.url() }) });
const errorAnswer = z.object({ error: z.object({ code: z.string() }) });

/**
 * The sandbox's account host. Accounts are addressed by our key, so every call may be repeated: an unanswered one is
 * simply `account_host_unavailable`.
 */
export function createSandboxAccountHost(config: SandboxAccountHostConfig): AccountHost {
  const call = (method: 'PUT' | 'DELETE', path: string, body?: object) =>
    requestPartner({
      method,
      url: `${config.baseUrl}/account-host/accounts/${path}`,
      apiKey: config.apiKey,
      timeoutMs: config.timeoutMs,
      ...(body === undefined ? {} : { body }),
    });

  return {
    id,
    async activate({ key, email, plan, seats }) {
      const answer = await call('PUT', encodeURIComponent(key), { ownerEmail: email, plan, seats });
      if (!isSuccess(answer)) return failBy(answer);
      const account = answer.kind === 'answered' ? accountAnswer.safeParse(answer.body).data?.account : undefined;
      return account ?? fail('delivery.account_host_unavailable', `${id} answered with a body that cannot be read`);
    },
    async adjust({ key, seats, state }) {
      const answer = await call('PUT', `${encodeURIComponent(key)}/access`, { seats, state });
      if (isSuccess(answer) || isGone(answer)) return;
      failBy(answer);
    },
    async deactivate({ key }) {
      const answer = await call('DELETE', encodeURIComponent(key));
      if (isSuccess(answer) || (answer.kind === 'answered' && answer.status === 404)) return;
      failBy(answer);
    },
  };
}

function isSuccess(answer: PartnerAnswer): boolean {
  return answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;
}

/** There is no account to let anybody into. */
function isGone(answer: PartnerAnswer): boolean {
  if (answer.kind !== 'answered') return false;
  return answer.status === 404 || errorAnswer.safeParse(answer.body).data?.error.code === 'account_closed';
}

/** The host's own message may repeat the address: only its code is passed on. */
function failBy(answer: PartnerAnswer): never {
  if (answer.kind !== 'answered')
    return fail('delivery.account_host_unavailable', `${id} does not answer: ${answer.reason}`);
  if (answer.status < 400 || answer.status >= 500 || answer.status === 429)
    return fail('delivery.account_host_unavailable', `${id} answered ${answer.status}`);
  const code = errorAnswer.safeParse(answer.body).data?.error.code ?? 'without a code';
  return fail('delivery.account_refused', `${id} refused: ${answer.status} ${code}`);
}

import { Webhook } from 'standardwebhooks';
import type { System } from '../../dev/system/start-system.ts';

/** A webhook as acquirer A sends and signs it, to be sent when the test likes. */
export function acquirerNotice(
  { api, env }: System,
  notice: { readonly type: string; readonly eventId: string; readonly payment: string; readonly order: string },
) {
  const at = new Date();
  const { type, payment, order } = notice;
  const body = { type, data: { payment: { pspReference: payment, merchantReference: order } } };
  const id = `msg_${order}_${notice.eventId}`;
  const signer = new Webhook(env['ACQUIRER_A_WEBHOOK_SECRETS'] ?? '');
  return {
    url: `${api}/v1/webhooks/acquirer_a`,
    body,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': Math.floor(at.getTime() / 1000).toString(),
      'webhook-signature': signer.sign(id, at, JSON.stringify(body)),
    },
  };
}

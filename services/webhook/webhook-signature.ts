import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { fail } from '../../domain/failures.ts';

/** The headers of the Standard Webhooks scheme. */
export interface SignedHeaders {
  readonly id: string | null;
  /** Unix seconds; more than 300 s away from now is refused. */
  readonly timestamp: string | null;
  readonly signature: string | null;
}

/**
 * Checks the signature of the raw body against each secret: two are valid while one is being rotated out.
 * @returns the signed event id
 * @throws request.signature_invalid, without saying what was wrong
 */
export function verifySignature(
  body: string,
  { id, timestamp, signature }: SignedHeaders,
  secrets: readonly string[],
): string {
  if (id === null || timestamp === null || signature === null || id.length > 200)
    return fail('request.signature_invalid');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  // Only whole seconds: what is signed is what the header says.
  if (!/^\d{1,12}$/.test(timestamp)) return fail('request.signature_invalid');
  return secrets.some((secret) => isSignedBy(secret, body, headers)) ? id : fail('request.signature_invalid');
}

function isSignedBy(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

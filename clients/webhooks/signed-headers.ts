import type { IncomingHttpHeaders } from 'node:http';
import type { SignedHeaders } from '../../services/webhook/webhook-signature.ts';

/** The three headers of the Standard Webhooks scheme; one that is sent twice counts as missing. */
export function signedHeaders(headers: IncomingHttpHeaders): SignedHeaders {
  const read = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    id: read('webhook-id'),
    timestamp: read('webhook-timestamp'),
    signature: read('webhook-signature'),
  };
}

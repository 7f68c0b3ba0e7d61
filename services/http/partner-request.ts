/**
 * What became of a request to a partner. `not_sent`: it surely did not leave (name not found, connection refused or
 * never made). `no_answer`: it may have arrived (time-out, dropped connection, an answer that cannot be read).
 */
export type PartnerAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown }
  | { readonly kind: 'not_sent'; readonly reason: string }
  | { readonly kind: 'no_answer'; readonly reason: string };

export interface PartnerRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  /** null: a public one. */
  readonly apiKey: string | null;
  readonly timeoutMs: number;
  /** JSON when absent; the body of any other answer is its text. */
  readonly accept?: 'text/xml';
  readonly idempotencyKey?: string;
  readonly body?: object;
}

/**
 * One HTTP request, with JSON both ways unless it asks for something else; never throws, never retries, follows no redirect. Reasons are error codes and
 * carry nothing of the request.
 */
export async function requestPartner(request: PartnerRequest): Promise<PartnerAnswer> {
  try {
    const response = await fetch(request.url, {
      method: request.method,
      redirect: 'manual',
      headers: {
        ...(request.apiKey === null ? {} : { authorization: `Bearer ${request.apiKey}` }),
        accept: request.accept ?? 'application/json',
        ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.timeout(request.timeoutMs),
    });
    const text = await response.text();
    return { kind: 'answered', status: response.status, body: request.accept === undefined ? readJson(text) : text };
  } catch (error) {
    return neverConnected(error)
      ? { kind: 'not_sent', reason: reasonOf(error) }
      : { kind: 'no_answer', reason: reasonOf(error) };
  }
}

/** undefined when it is not JSON: no schema accepts that. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` hides the socket's error in `cause`; with several addresses that holds one error for each. */
function causesOf(error: unknown): readonly unknown[] {
  // By shape, not by class: errors may come from another realm.
  const errors = member(error, 'errors');
  if (Array.isArray(errors) && errors.length > 0) return errors;
  const cause = member(error, 'cause');
  return cause === undefined ? [error] : causesOf(cause);
}

/** True only when every cause lies before the request could leave: looking the name up and connecting. */
function neverConnected(error: unknown): boolean {
  return causesOf(error).every((cause) => {
    const syscall = member(cause, 'syscall');
    return syscall === 'connect' || syscall === 'getaddrinfo' || member(cause, 'code') === 'UND_ERR_CONNECT_TIMEOUT';
  });
}

function reasonOf(error: unknown): string {
  const cause = causesOf(error)[0];
  const reason = [member(cause, 'code'), member(cause, 'name')].find((value) => typeof value === 'string');
  return typeof reason === 'string' ? reason : 'unknown error';
}

function member(value: unknown, name: 'cause' | 'code' | 'errors' | 'name' | 'syscall'): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

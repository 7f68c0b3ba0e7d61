/** An HTTP answer with its JSON body. */
export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** null when there was none. */
  readonly body: unknown;
}

export interface JsonRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; bytes are sent as they are. */
  readonly body?: object;
}

const timeoutMs = 30_000;

/** One HTTP call; any status is an answer. @throws with method and address when there was none */
export async function callJson(url: string, request: JsonRequest = {}): Promise<JsonAnswer> {
  const { method = 'GET', headers = {}, body } = request;
  const bytes = body instanceof Uint8Array;
  const type = bytes ? 'application/octet-stream' : 'application/json';
  try {
    const response = await fetch(url, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      ...(body === undefined ? {} : { body: bytes ? new Uint8Array(body) : JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  } catch (error) {
    throw new Error(`${method} ${url} got no answer that can be read`, { cause: error });
  }
}

/** The body of a 2xx answer. @throws with what was answered instead */
export async function requireJson(url: string, request: JsonRequest = {}): Promise<unknown> {
  const answer = await callJson(url, request);
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw new Error(`${request.method ?? 'GET'} ${url} answered ${inWords(answer)}`);
}

export function inWords({ status, body }: Pick<JsonAnswer, 'status' | 'body'>): string {
  return `${status}: ${JSON.stringify(body)}`;
}

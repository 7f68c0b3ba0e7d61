/** What a partner answers when it refuses a request: HTTP status, a code of its own vocabulary, details. */
export class PartnerError extends Error {
  override readonly name = 'PartnerError';
  readonly status: number;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export function refuse(
  status: number,
  code: string,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): never {
  throw new PartnerError(status, code, message, details);
}

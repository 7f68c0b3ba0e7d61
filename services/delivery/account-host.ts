/** Port of a vendor's host where accounts are switched on. */
export interface AccountHost {
  readonly id: string;
  /**
   * Creates the account or answers with the one made by the same key.
   * @throws Failure delivery.account_host_unavailable (retry), delivery.account_refused (a person)
   */
  activate(request: {
    readonly key: string;
    readonly email: string;
    readonly plan: string;
    readonly seats: number;
  }): Promise<{ readonly accountId: string; readonly loginUrl: string }>;
  /**
   * Limits a live account to these seats, and lets nobody in while it is suspended; what is in it is kept. Says all of it,
   * so that a repeat changes nothing. A no-op when there is no such account, or it was closed.
   * @throws Failure delivery.account_host_unavailable (retry), delivery.account_refused (a person)
   */
  adjust(request: {
    readonly key: string;
    readonly seats: number;
    readonly state: 'active' | 'suspended';
  }): Promise<void>;
  /** Closes it for good. A no-op when there is no such account. */
  deactivate(request: { readonly key: string }): Promise<void>;
}

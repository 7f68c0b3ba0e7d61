/** The workflow type and schedule id: permanent. */
export const exchangeRateImportWorkflowType = 'exchangeRateImportWorkflow';
export const exchangeRateImportScheduleId = 'exchange-rate-import';

/** The European Central Bank publishes at about 16:00 in Frankfurt. */
export const exchangeRateImportTime = { hour: 16, minute: 30, timezone: 'Europe/Berlin' } as const;

/** How long to wait before asking a publisher again that did not answer, in ms; after the last the day is given up. */
export const publisherRetriesMs: readonly number[] = Array.from({ length: 6 }, () => 3_600_000);

/**
 * `held`: a rate moved unusually, so the day is not used until a person says that it is right (docs/operate.md).
 * `publisher_unavailable`: tomorrow's run fills the gap from the 90-day file.
 */
export type ExchangeRateImportOutcome =
  | { readonly outcome: 'imported'; readonly newest: string; readonly imported: number }
  | { readonly outcome: 'held'; readonly newest: string; readonly imported: number; readonly days: readonly string[] }
  | { readonly outcome: 'publisher_unavailable' };

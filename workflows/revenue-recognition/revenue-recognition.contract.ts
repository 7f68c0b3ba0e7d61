/** The workflow type and schedule id: permanent. */
export const revenueRecognitionWorkflowType = 'revenueRecognitionWorkflow';
export const revenueRecognitionScheduleId = 'revenue-recognition';

/** After the day has ended in the zone of the legal entity; each run brings the books to the end of the day before. */
export const revenueRecognitionTime = { hour: 2, minute: 10, timezone: 'Europe/Dublin' } as const;

/** After so many pages a run continues as new, so that its history stays small whatever the number of schedules. */
export const pagesPerRun = 50;

/** How many problems a report names; the others are counted. */
export const problemsShown = 20;

/** What a run has done so far; it is carried over when the run continues as new. */
export interface RevenueRecognitionReport {
  /** The books are right to the end of this day, YYYY-MM-DD; null until the first page has said which it is. */
  readonly day: string | null;
  readonly posted: number;
  /** Minor units per currency; negative where more was taken back. */
  readonly recognised: Readonly<Record<string, number>>;
  readonly problems: readonly { readonly schedule: string; readonly code: string }[];
  readonly problemCount: number;
}

/** Where a run goes on. */
export interface RevenueRecognitionProgress {
  readonly report: RevenueRecognitionReport;
  readonly after: string | null;
}

import { fail, isFailure } from '../../domain/failures.ts';
import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import { accountingInstant } from '../../domain/revenue/accounting-month.ts';
import { bookedAfter, duePostings, isEarnedBy, recognitionEntry } from '../../domain/revenue/recognition-posting.ts';
import { addDays } from '../../domain/time/calendar-date.ts';
import { localDate } from '../../domain/time/local-date.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { RecognitionScheduleDocument, RecognitionScheduleStore } from './recognition-schedule-store.ts';

export interface RecognitionPageRequest {
  /** Everything earned until the end of this day, YYYY-MM-DD in the zone of the legal entity; null: the last that is over. */
  readonly day: string | null;
  /** Now, ISO 8601 UTC. */
  readonly at: string;
  /** Where the page before ended; null for the first. */
  readonly after: string | null;
  readonly limit: number;
}

export interface RecognitionPage {
  readonly day: string;
  /** Entries that this page put into the journal. */
  readonly posted: number;
  /** Revenue recognised by them, minor units per currency; negative where more was taken back. */
  readonly recognised: Readonly<Record<string, number>>;
  /** Schedules that somebody has to look at: their id and a failure code. The others go on. */
  readonly problems: readonly { readonly schedule: string; readonly code: string }[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
}

/** How often a schedule that changes under our hands is read again. */
const rereads = 5;
/** Schedules of a page that are worked on side by side. */
const lanes = 8;

/** The end of which day the books are brought to, when, and in whose days. */
interface Target {
  readonly day: string;
  readonly at: string;
  readonly zone: string;
}

interface Posted {
  readonly currency: string;
  readonly amount: number;
}

export type RecognitionRun = ReturnType<typeof createRecognitionRun>;

/**
 * Posts what schedules have earned. Each posting is written down in its schedule before it goes into the journal, under a
 * key made of schedule and day, so that a crash anywhere leaves something that the next run finishes, and the next run
 * covers whatever days were missed.
 */
export function createRecognitionRun({
  store,
  ledger,
}: {
  readonly store: RecognitionScheduleStore;
  readonly ledger: Pick<LedgerService, 'post'>;
}) {
  async function finish(schedule: RecognitionScheduleDocument): Promise<Posted[]> {
    const { _id, currency, pending } = schedule;
    if (pending === null) return [];
    const { posting, at } = pending;
    const answer = await ledger.post(recognitionEntry({ schedule, posting, at }));
    await store.settle(_id, pending);
    return answer === 'posted' ? [{ currency, amount: posting.recognised }] : [];
  }

  /** One posting per round: what is on its way first, then what is due. */
  async function bring(read: RecognitionScheduleDocument, { day, at, zone }: Target): Promise<Posted[]> {
    const done: Posted[] = [];
    let schedule = read;
    for (let surprises = 0; surprises < rereads;) {
      if (schedule.pending !== null) {
        done.push(...(await finish(schedule)));
        schedule = { ...schedule, pending: null };
      }
      const [posting] = duePostings(schedule, schedule.booked, day);
      if (posting === undefined) {
        if (isEarnedBy(schedule, day)) await store.close(schedule);
        return done;
      }
      const pending = { posting, at: accountingInstant(posting.day, at, zone) };
      const intended = await store.intend(schedule, pending, bookedAfter(schedule.booked, posting));
      if (intended === null) surprises += 1;
      schedule = intended ?? (await store.find(read._id)) ?? fail('revenue.schedule_not_found', read._id);
    }
    return fail('revenue.schedule_busy', `schedule ${read._id} changed ${rereads} times while it was posted`);
  }

  return {
    /** @throws what goes away by itself, to be called again; the rest is among the problems */
    async postPage(request: RecognitionPageRequest): Promise<RecognitionPage> {
      const { at } = request;
      const zone = legalEntityAt(at).timeZone;
      const day = request.day ?? addDays(localDate(at, zone), -1);
      const schedules = await store.openAfter(request.after, request.limit);
      const posted: Posted[] = [];
      const problems: { schedule: string; code: string }[] = [];
      const waiting = schedules.values();
      const lane = async (): Promise<void> => {
        for (const schedule of waiting) {
          try {
            posted.push(...(await bring(schedule, { day, at, zone })));
          } catch (error) {
            if (!isFailure(error) || error.definition.retryable) throw error;
            problems.push({ schedule: schedule._id, code: error.code });
          }
        }
      };
      await Promise.all(Array.from({ length: lanes }, lane));
      return {
        day,
        posted: posted.length,
        recognised: perCurrency(posted),
        problems: problems.sort((a, b) => (a.schedule < b.schedule ? -1 : 1)),
        next: schedules.length < request.limit ? null : (schedules.at(-1)?._id ?? null),
      };
    },
  };
}

function perCurrency(posted: readonly Posted[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { currency, amount } of posted) sums[currency] = (sums[currency] ?? 0) + amount;
  return sums;
}

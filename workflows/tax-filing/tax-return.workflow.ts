import {
  allHandlersFinished,
  condition,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { books } from '../activity-profiles.ts';
import { failure } from '../failures.ts';
import { searchAttributes } from '../search-attributes.ts';
import { markReturnFiledUpdate } from './tax-filing.contract.ts';
import type { Filing, TaxReturnInput, TaxReturnKey, TaxReturnOutcome } from './tax-filing.contract.ts';

/** Waits until a return is filed, and reminds operators before and after it is due. Ends `filed` or `not_filed`. */
export async function taxReturnWorkflow(input: TaxReturnInput): Promise<TaxReturnOutcome> {
  const { scheme, period } = input;
  const key: TaxReturnKey = { scheme, period };
  const state = { filed: false };
  setHandler(
    markReturnFiledUpdate,
    async (filing) => {
      await books.markReturnFiled({ ...key, ...filing, at: new Date().toISOString() });
      state.filed = true;
      return { status: 'filed' };
    },
    { validator: assertFiling },
  );
  let overdue = false;
  for (const { kind, at } of input.reminders) {
    show('awaiting_filing', `To be filed. Next reminder (${kind}) at ${at}.`, at);
    if (await filedBefore(state, at)) return end({ ...key, outcome: 'filed', overdue });
    overdue ||= kind === 'overdue';
    await books.remindOfFiling({ ...key, kind, at: new Date().toISOString() });
  }
  show('overdue', `Overdue. Nobody waits any more after ${input.givenUpAt}.`, input.givenUpAt);
  await filedBefore(state, input.givenUpAt);
  await condition(allHandlersFinished);
  return end({ ...key, outcome: state.filed ? 'filed' : 'not_filed', overdue });
}

async function filedBefore(state: { readonly filed: boolean }, at: string): Promise<boolean> {
  const waitMs = Date.parse(at) - Date.now();
  return waitMs > 0 ? condition(() => state.filed, waitMs, { summary: `not filed by ${at}` }) : state.filed;
}

function end(outcome: TaxReturnOutcome): TaxReturnOutcome {
  show(outcome.outcome, outcome.outcome === 'filed' ? 'Filed.' : 'Not filed: long overdue.', null);
  return outcome;
}

function show(status: string, details: string, dueAt: string | null): void {
  setCurrentDetails(details);
  upsertSearchAttributes([
    { key: searchAttributes.status, value: status },
    { key: searchAttributes.dueAt, value: dueAt === null ? null : new Date(dueAt) },
  ]);
}

const longest = 100;

function assertFiling({ reference, by }: Filing): void {
  const fits = (text: unknown): boolean => typeof text === 'string' && text.trim() !== '' && text.length <= longest;
  if (!fits(reference) || !fits(by))
    throw failure('request.invalid', `reference and by must be texts of 1 to ${longest} characters`);
}

import { sleep } from '@temporalio/workflow';
import { ONE_YEAR } from './duration.ts';

/** Sleeps for a year and says so. */
export async function longSleep(): Promise<string> {
  await sleep(ONE_YEAR);
  return 'slept';
}

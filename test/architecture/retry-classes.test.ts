import { describe, expect, it } from '@jest/globals';
import { createActivities } from '../../activities/index.ts';
import type { Activities } from '../../activities/index.ts';
import { retryClasses } from '../../workflows/activity-profiles.ts';

type Classified = (typeof retryClasses)[keyof typeof retryClasses][number];

/** Does not compile when an activity is in no class. */
const everyActivityIsClassified: Exclude<keyof Activities, Classified> extends never ? true : never = true;

describe('retry classes', () => {
  // Nothing is called, so nothing is needed.
  const registered = Object.keys(createActivities({} as Parameters<typeof createActivities>[0]));
  const classified: readonly string[] = Object.values(retryClasses).flat();

  it('hold every registered activity exactly once', () => {
    expect(everyActivityIsClassified).toBe(true);
    expect([...classified].sort()).toEqual([...registered].sort());
  });
});

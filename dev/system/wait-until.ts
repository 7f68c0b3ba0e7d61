import { setTimeout as sleep } from 'node:timers/promises';

/** Generous: a busy machine is slow, and only what is broken waits so long. */
export const patienceMs = 90_000;

/** Asks again and again until there is an answer. @throws naming what was waited for when the time is over */
export async function waitUntil<Answer>(
  what: string,
  ask: () => Promise<Answer | null>,
  { everyMs = 200, patience = patienceMs }: { readonly everyMs?: number; readonly patience?: number } = {},
): Promise<Answer> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${patience / 1000} s in vain until ${what}`);
    await sleep(everyMs);
  }
}

/**
 * How many of these calls a limiter would have refused that lets `perSecond` through and saves up at most one second of
 * them. @param times milliseconds, in any order
 */
export function callsOverLimit(times: readonly number[], perSecond: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let saved = perSecond;
  let last = sorted[0] ?? 0;
  let over = 0;
  for (const time of sorted) {
    saved = Math.min(perSecond, saved + ((time - last) / 1_000) * perSecond);
    last = time;
    if (saved >= 1) saved -= 1;
    else over += 1;
  }
  return over;
}

/** The value that so many of a hundred do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}

/** Runs `total` jobs, `parallel` at a time, and says how many were done per second. */
export async function perSecond(
  total: number,
  parallel: number,
  job: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const started = process.hrtime.bigint();
  const lane = async (): Promise<void> => {
    while (next < total) {
      const index = next;
      next += 1;
      await job(index);
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return total / (Number(process.hrtime.bigint() - started) / 1e9);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

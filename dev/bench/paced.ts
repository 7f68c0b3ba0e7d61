import { inLanes } from '../../services/concurrency/in-lanes.ts';

/** Runs `total` jobs, `parallel` at a time, and says how many were done per second. */
export async function perSecond(
  total: number,
  parallel: number,
  job: (index: number) => Promise<unknown>,
): Promise<number> {
  const started = process.hrtime.bigint();
  await inLanes([...Array(Math.ceil(total)).keys()], job, parallel);
  return total / (Number(process.hrtime.bigint() - started) / 1e9);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

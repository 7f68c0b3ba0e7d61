import { describe, expect, it } from '@jest/globals';
import { jitterMs } from '../../../domain/periods/jitter.ts';

const windowMs = 600_000;
const ids = Array.from({ length: 10_000 }, (_, index) => `sub_${String(index).padStart(16, '0')}`);

describe('the jitter of a charge', () => {
  it('is the same for the same subscription and lies in its window', () => {
    for (const id of ids) {
      const jitter = jitterMs(id, windowMs);
      expect(jitter).toBe(jitterMs(id, windowMs));
      expect(jitter >= 0 && jitter < windowMs).toBe(true);
    }
  });

  it('spreads ten thousand neighbouring ids evenly over ten minutes', () => {
    const perMinute = new Map<number, number>();
    for (const id of ids) {
      const minute = Math.floor(jitterMs(id, windowMs) / 60_000);
      perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
    }
    expect(perMinute.size).toBe(10);
    for (const count of perMinute.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('is nothing without a window', () => {
    expect(jitterMs('sub_1', 0)).toBe(0);
  });
});

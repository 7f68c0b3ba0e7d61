import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { inLanes } from '../../../services/concurrency/in-lanes.ts';

const items = [5, 1, 4, 2, 3, 0, 6];

/** Work that takes the longer the smaller its number is, and what was seen of it. */
function watchedWork() {
  const begun: number[] = [];
  const underWay = { now: 0, most: 0 };
  const work = async (item: number): Promise<string> => {
    begun.push(item);
    underWay.now += 1;
    underWay.most = Math.max(underWay.most, underWay.now);
    await delay(10 - item);
    underWay.now -= 1;
    if (item === 4) throw new Error('four');
    return `did ${item}`;
  };
  return { work, begun, underWay };
}

describe('work in lanes', () => {
  const fine = items.filter((item) => item !== 4);

  it.each([1, 3, 10])(
    'is done once for every item, at most %s at a time, and answers in their order',
    async (lanes) => {
      const { work, begun, underWay } = watchedWork();
      expect(await inLanes(fine, work, lanes)).toEqual(fine.map((item) => `did ${item}`));
      expect(begun).toEqual(fine);
      expect(underWay.most).toBe(Math.min(lanes, fine.length));
    },
  );

  it('is nothing for no items', async () => {
    expect(await inLanes([], watchedWork().work)).toEqual([]);
  });

  it('begins no more items after one has failed, and fails like it', async () => {
    const { work, begun } = watchedWork();
    await expect(inLanes(items, work, 2)).rejects.toThrow('four');
    await delay(30);
    expect(begun.length).toBeLessThan(items.length);
  });
});

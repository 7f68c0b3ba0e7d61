/**
 * Does the work for every item, some side by side. After a failure no more items are begun.
 * @param lanes so many are under way at a time
 * @returns the results in the order of the items
 * @throws what the first work to fail threw
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  lanes = 10,
): Promise<Result[]> {
  const waiting = items.entries();
  const results: Result[] = [];
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failed) return;
      results[index] = await work(item);
    }
  };
  const orStop = (error: unknown): never => {
    failed = true;
    throw error;
  };
  await Promise.all(Array.from({ length: lanes }, () => lane().catch(orStop)));
  return results;
}

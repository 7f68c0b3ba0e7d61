/** So many are under way at a time. */
const lanes = 10;

/** Does the work for every item, some side by side; the results in the order of the items. */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const waiting = items.entries();
  const results = new Map<number, Result>();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) results.set(index, await work(item));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return [...results].sort(([one], [other]) => one - other).map(([, result]) => result);
}

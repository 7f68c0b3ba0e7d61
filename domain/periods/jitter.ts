/**
 * How many milliseconds after its due time a subscription is charged, in [0, windowMs): always the same for the same id
 * and even over many ids, so that midnight is not a storm. Periods are not moved by it.
 */
export function jitterMs(subscriptionId: string, windowMs: number): number {
  return Math.floor((hash32(subscriptionId) / 2 ** 32) * windowMs);
}

/** FNV-1a over the code units, then Murmur3's last mix, without which ids that differ at the end stay neighbours. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

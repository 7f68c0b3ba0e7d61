/**
 * Runs `work` while holding the lock file; waits as long as another live process holds it.
 * A lock whose owner is dead, or gave no sign of life for 15 s, is broken.
 * @param onWait called once when the lock is taken by somebody else
 */
export function withLock<T>(file: string, work: () => Promise<T>, onWait?: () => void): Promise<T>;

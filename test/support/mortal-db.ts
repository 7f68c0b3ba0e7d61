import type { Collection, Db } from 'mongodb';

export class Crash extends Error {}

const writes: readonly string[] = [
  'insertOne',
  'insertMany',
  'updateOne',
  'updateMany',
  'findOneAndUpdate',
  'deleteMany',
];

/**
 * `lost_answer`: the write reached the server and the process never learns of it; of many documents in one write only the
 * first half arrives. `lost_write`: it did not get there.
 */
export type Death = 'lost_answer' | 'lost_write';

/** A database whose process dies at its n-th write from now, and lives again when it is revived. All else is real. */
export function mortalDb(real: Db) {
  let left = Infinity;
  let death: Death = 'lost_write';
  const dead = (): boolean => left <= 0;

  const mortal = (collection: Collection): Collection =>
    new Proxy(collection, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]): unknown => {
          if (dead()) throw new Crash();
          if (!writes.includes(String(name))) return Reflect.apply(member, target, given);
          left -= 1;
          if (!dead()) return Reflect.apply(member, target, given);
          if (death === 'lost_write') throw new Crash();
          const [first, ...rest] = given;
          const half: unknown = Array.isArray(first) ? first.slice(0, Math.ceil(first.length / 2)) : first;
          return Promise.resolve(Reflect.apply(member, target, [half, ...rest])).then(() => {
            throw new Crash();
          });
        };
      },
    });

  const db = new Proxy(real, {
    get(target, name) {
      if (name !== 'collection') return Reflect.get(target, name, target) as unknown;
      return (...[given]: Parameters<Db['collection']>) => mortal(target.collection(given));
    },
  });
  return {
    db,
    isDead: dead,
    dieAt: (n: number, how: Death): void => {
      left = n;
      death = how;
    },
    /** Whether it had died. */
    revive: (): boolean => {
      const died = dead();
      left = Infinity;
      return died;
    },
  };
}

/** The database of a process that dies at its n-th write, for good. */
export function crashingAt(real: Db, n: number, how: Death): { db: Db; crashed: () => boolean } {
  const { db, dieAt, isDead } = mortalDb(real);
  dieAt(n, how);
  return { db, crashed: isDead };
}

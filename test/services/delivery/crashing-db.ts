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
 * The database of a process that dies at its n-th write. `lost_answer`: the write reached the server and the process never
 * learns of it; of many documents in one write only the first half arrives. `lost_write`: it did not get there.
 * Everything else is the real database.
 */
export function crashingAt(db: Db, n: number, how: 'lost_answer' | 'lost_write'): { db: Db; crashed: () => boolean } {
  let left = n;
  const dead = (): boolean => left <= 0;

  const collection = (real: Collection): Collection =>
    new Proxy(real, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]): unknown => {
          if (dead()) throw new Crash();
          if (!writes.includes(String(name))) return Reflect.apply(member, target, given);
          left -= 1;
          if (!dead()) return Reflect.apply(member, target, given);
          if (how === 'lost_write') throw new Crash();
          const [first, ...rest] = given;
          const half = Array.isArray(first) ? first.slice(0, Math.ceil(first.length / 2)) : first;
          return Promise.resolve(Reflect.apply(member, target, [half, ...rest])).then(() => {
            throw new Crash();
          });
        };
      },
    });

  const crashing = new Proxy(db, {
    get(target, name) {
      if (name === 'collection')
        return (...[given]: Parameters<Db['collection']>) => collection(target.collection(given));
      const member: unknown = Reflect.get(target, name, target);
      return member;
    },
  });
  return { db: crashing, crashed: dead };
}

import type { Collection, Db } from 'mongodb';
import { Crash } from '../delivery/crashing-db.ts';

const writes: readonly string[] = ['insertOne', 'updateOne', 'updateMany', 'findOneAndUpdate', 'deleteMany'];

/** `lost_answer`: the write reached the server and the process never learns of it; `lost_write`: it did not get there. */
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
          return Promise.resolve(Reflect.apply(member, target, given)).then(() => {
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

import { z } from 'zod';

/** What a step made, under the name that the scenario gave it. */
export interface NamedThings {
  readonly order: string | null;
  readonly subscription: string | null;
  readonly refund: string | null;
  readonly preview: string | null;
}

const idsOf = z.looseObject({ id: z.string().exactOptional(), subscriptions: z.array(z.string()).exactOptional() });

export type Names = ReturnType<typeof createNames>;

/** Names → ids. A subscription comes into being a moment after its order, so it is asked for when it is needed. */
export function createNames() {
  const things = new Map<string, NamedThings>();
  const nothing: NamedThings = { order: null, subscription: null, refund: null, preview: null };

  return {
    /** @throws when the name stands for no such thing */
    require(name: string, kind: keyof NamedThings): string {
      const id = things.get(name)?.[kind];
      if (id == null) throw new Error(`"${name}" is no ${kind}`);
      return id;
    },
    find: (name: string): NamedThings => things.get(name) ?? nothing,
    set(name: string, made: Partial<NamedThings>): void {
      things.set(name, { ...(things.get(name) ?? nothing), ...made });
    },
    entries: (): readonly [string, NamedThings][] => [...things],
    /** The id in an answer's body, if it has one. */
    idIn: (body: unknown): string | null => idsOf.safeParse(body).data?.id ?? null,
    subscriptionsIn: (body: unknown): readonly string[] => idsOf.safeParse(body).data?.subscriptions ?? [],
  };
}

/** A transition table: every state names the states it may move to. A missing or misspelt state does not compile. */
export type TransitionTable<State extends string> = { readonly [S in State]: readonly State[] };

export function canTransition<State extends string>(table: TransitionTable<State>, from: State, to: State): boolean {
  return table[from].includes(to);
}

/** A state that nothing leaves. */
export function isTerminal<State extends string>(table: TransitionTable<State>, state: State): boolean {
  return table[state].length === 0;
}

/** States that cannot be reached from the initial one: always a mistake in the table. */
export function unreachableStates<State extends string>(table: TransitionTable<State>, initial: State): State[] {
  const seen = new Set<State>([initial]);
  for (const state of seen) for (const next of table[state]) seen.add(next);
  return (Object.keys(table) as State[]).filter((state) => !seen.has(state));
}

/** Closes a switch over a union: adding a member without handling it does not compile. */
export function assertNever(value: never): never {
  throw new TypeError(`Unhandled case: ${JSON.stringify(value)}`);
}

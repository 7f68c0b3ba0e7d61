/** The time of a simulation as services see it: it follows the server's and never goes back. */
export interface SimulatedClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly reach: (ms: number) => void;
}

/** @param startMs milliseconds since the epoch */
export function createClock(startMs: number): SimulatedClock {
  let reached = startMs;
  return {
    now: () => reached,
    reach: (ms) => {
      reached = Math.max(reached, ms);
    },
  };
}

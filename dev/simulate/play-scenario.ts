import { createNames } from './names.ts';
import type { Names } from './names.ts';
import type { Simulation } from './open-simulation.ts';
import { playStep } from './play-step.ts';
import type { PlayedStep } from './play-step.ts';
import type { Scenario } from './scenario-schema.ts';
import { postRevenue, startRecorded } from './chores.ts';

export interface PlayedScenario {
  readonly steps: readonly PlayedStep[];
  readonly names: Names;
}

/** A moment after each step, so that what it began is done before the next one. */
const settleMs = 60_000;

/** Puts the catalogue in, plays the steps at their times and lets time pass to the end. */
export async function playScenario(simulation: Simulation, scenario: Scenario): Promise<PlayedScenario> {
  const names = createNames();
  await simulation.advanceTo(scenario.start);
  await loadCatalog(simulation, scenario);
  const steps: PlayedStep[] = [];
  const inOrder = [...scenario.steps.entries()].sort(([, one], [, other]) => one.at.localeCompare(other.at));
  for (const [index, step] of inOrder) {
    await passTime(simulation, step.at);
    steps.push(await playStep(simulation, names, { step, index }));
    await simulation.advanceTo(after(step.at, settleMs));
    await startRecorded(simulation);
    await simulation.advanceTo(after(step.at, 2 * settleMs));
    await nameSubscriptions(simulation, names);
  }
  await passTime(simulation, scenario.until);
  await nameSubscriptions(simulation, names);
  return { steps, names };
}

function after(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}

async function loadCatalog({ api }: Simulation, { catalog }: Scenario): Promise<void> {
  for (const [name, text] of Object.entries(catalog.files)) await api.put(`/files/${name}`, Buffer.from(text));
  for (const [kind, bodies] of [
    ['products', catalog.products],
    ['prices', catalog.prices],
    ['coupons', catalog.coupons],
  ] as const)
    for (const [id, body] of Object.entries(bodies)) await api.put(`/${kind}/${id}`, body);
}

/** To `until`, with what schedules would do on the way: the test server has none. */
async function passTime(simulation: Simulation, until: string): Promise<void> {
  for (const month of monthsBetween(simulation.clock.now(), Date.parse(until))) {
    await simulation.advanceTo(month);
    await postRevenue(simulation);
  }
  await simulation.advanceTo(until);
}

/** The first moments of the months in between, ISO 8601. */
function monthsBetween(fromMs: number, toMs: number): readonly string[] {
  const months: string[] = [];
  const next = new Date(fromMs);
  for (;;) {
    next.setUTCMonth(next.getUTCMonth() + 1, 1);
    next.setUTCHours(1, 0, 0, 0);
    if (next.getTime() >= toMs) return months;
    months.push(next.toISOString());
  }
}

async function nameSubscriptions({ api }: Simulation, names: Names): Promise<void> {
  for (const [name, { order, subscription }] of names.entries()) {
    if (order === null || subscription !== null) continue;
    const [first] = names.subscriptionsIn((await api.call(`/orders/${order}`)).body);
    if (first !== undefined) names.set(name, { subscription: first });
  }
}

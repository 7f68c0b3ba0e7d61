import { gatherResult } from './gather-result.ts';
import type { SimulationResult } from './gather-result.ts';
import { openSimulation } from './open-simulation.ts';
import type { Simulation, SimulationStack } from './open-simulation.ts';
import { playScenario } from './play-scenario.ts';
import type { PlayedScenario } from './play-scenario.ts';
import { recordHistories } from './record-histories.ts';
import { replaySubscription } from './replay-subscription.ts';
import type { Scenario } from './scenario-schema.ts';
import { unmetExpectations } from './unmet-expectations.ts';

/** Plays a scenario in a world of its own and reads back what came of it. */
export async function simulate(
  stack: SimulationStack,
  scenario: Scenario,
  { replay = false, record }: { readonly replay?: boolean; readonly record?: string | undefined } = {},
): Promise<SimulationResult> {
  const simulation = await openSimulation(stack);
  try {
    const played = await playScenario(simulation, scenario);
    const result = await gatherResult(simulation, played);
    if (record !== undefined) await recordHistories(simulation, played, record);
    const problems = [
      ...result.problems,
      ...unmetExpectations(result, scenario.expect ?? {}),
      ...(replay ? await replayProblems(simulation, played) : []),
    ];
    return { ...result, problems };
  } finally {
    await simulation.close();
  }
}

async function replayProblems({ client }: Simulation, { names }: PlayedScenario): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const [, { subscription }] of names.entries())
    if (subscription !== null) problems.push(...(await replaySubscription(client, subscription)).problems);
  return problems;
}

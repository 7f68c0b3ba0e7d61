import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { refundsCollection } from '../../services/refund/refund-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import { refundWorkflowId } from '../../workflows/refund/refund.contract.ts';
import { historyToJson } from '../histories/history-json.ts';
import { historiesOf } from './replay-subscription.ts';
import type { Simulation } from './open-simulation.ts';
import type { PlayedScenario } from './play-scenario.ts';
import { subscriptionWorkflowId } from '../../workflows/subscription/subscription.contract.ts';

const folder = fileURLToPath(new URL('../../test/replay/histories/', import.meta.url));

/**
 * Writes what the workflows of a scenario lived through to test/replay/histories, for the replay tests: of each
 * subscription the first period and the last run, and every refund.
 */
export async function recordHistories(
  { client, dependencies: { db } }: Simulation,
  { names }: PlayedScenario,
  scenario: string,
): Promise<readonly string[]> {
  const month = new Date().toISOString().slice(0, 7);
  const files: string[] = [];
  const save = async (name: string, history: Parameters<typeof historyToJson>[0]): Promise<void> => {
    await writeFile(`${folder}${name}.${month}.json`, historyToJson(history));
    files.push(`${name}.${month}.json`);
  };
  for (const [name, { subscription }] of names.entries()) {
    if (subscription === null) continue;
    const runs = await historiesOf(client, subscriptionWorkflowId(subscription));
    for (const [place, history] of [
      ['first', runs[0]],
      ['last', runs.length > 1 ? runs.at(-1) : undefined],
    ] as const)
      if (history !== undefined) await save(`subscription.${scenario}-${name}-${place}`, history);
  }
  const refunds = await collectionOf(db, refundsCollection).find().toArray();
  for (const [index, { _id }] of refunds.entries())
    for (const history of (await historiesOf(client, refundWorkflowId(_id))).slice(0, 1))
      await save(`refund.${scenario}-${'abcdefgh'.charAt(index)}`, history);
  return files;
}

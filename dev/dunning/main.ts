import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { tryPolicy } from './compare-policies.ts';
import { assumptions, failingCards } from './failing-cards.ts';
import { retryPolicies } from './retry-policies.ts';

/**
 * `npm run bench:dunning [-- --json] [--cards N] [--seed N]`: our schedule and governor beside fixed schedules, on cards
 * whose renewals failed. Exits 1 when ours makes an attempt that the networks forbid.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    cards: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
  },
});

const seed = Number(values.seed);
const cards = failingCards(seed, Number(values.cards));
const results = retryPolicies.map((policy) => tryPolicy(policy, cards));

if (values.json) {
  console.log(JSON.stringify({ seed, cards: cards.length, assumptions, policies: results }));
} else {
  const head = ['policy', 'recovered', 'of it by retries', 'retries', 'per recovery', 'forbidden', 'median days'];
  const table = new Table({ head });
  for (const one of results) {
    const { policy, recoveredPercent, byRetry, recovered, retries, retriesPerRecovery, forbidden, medianDays } = one;
    const share = `${Math.round((byRetry / recovered) * 100)} %`;
    table.push([policy, `${recoveredPercent} %`, share, retries, retriesPerRecovery, forbidden, medianDays]);
  }
  console.log(table.toString());
  console.log(`${cards.length} failing cards, seed ${seed}; the assumptions are in dev/dunning/failing-cards.ts.`);
}
process.exitCode = results[0]?.forbidden === 0 ? 0 : 1;

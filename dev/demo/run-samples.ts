import type { Sample } from '../samples/sample-schema.ts';
import { lookAgain, runSample } from './run-sample.ts';
import type { SampleRun, SampleWorld } from './run-sample.ts';

/**
 * Runs all samples: side by side, then one after the other those that break a partner, which others would feel. In the
 * end everything is looked at once more, so that a second mail or capture that came late is seen too.
 */
export async function runSamples(
  deps: SampleWorld,
  samples: readonly Sample[],
  log: (line: string) => void,
): Promise<readonly SampleRun[]> {
  const run = async (sample: Sample): Promise<SampleRun> => {
    const done = await runSample(deps, sample);
    log(`${done.mismatches.length === 0 ? 'as expected' : 'NOT AS EXPECTED'}: ${sample.name}`);
    return done;
  };
  const [alone, together] = [samples.filter(breaksPartner), samples.filter((sample) => !breaksPartner(sample))];
  const runs = await Promise.all(together.map(run));
  for (const sample of alone) runs.push(await run(sample));
  const again = await Promise.all(runs.map((one) => lookAgain(deps, one)));
  return samples.flatMap((sample) => again.find((one) => one.sample === sample) ?? []);
}

const breaksPartner = ({ before }: Sample): boolean => before.length > 0;

import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readScenario } from '../../../dev/simulate/read-scenario.ts';
import { scenarioSchema } from '../../../dev/simulate/scenario-schema.ts';

const folder = fileURLToPath(new URL('../../../dev/samples/scenarios/', import.meta.url));

const scenario = (changes: object = {}) => ({
  start: '2027-01-31T10:00:00Z',
  until: '2027-06-01T00:00:00Z',
  catalog: { products: {}, prices: {} },
  steps: [{ at: '2027-02-01T10:00:00Z', do: 'order', as: 'sub', lines: [] }],
  ...changes,
});

const problemsOf = (candidate: object): readonly string[] =>
  (scenarioSchema.safeParse(candidate).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('a scenario file', () => {
  it.each(readdirSync(folder))('of dev/samples/scenarios is sound: %s', async (name) => {
    await expect(readScenario(folder + name)).resolves.toMatchObject({ title: expect.any(String) });
  });

  it('may be as small as the documentation says', () => {
    expect(problemsOf(scenario())).toEqual([]);
  });

  it.each([
    [
      'a step before the start',
      { steps: [{ at: '2026-02-01T10:00:00Z', do: 'order' }] },
      'steps.0.at: must be between start and until',
    ],
    [
      'a step on a name that nothing has yet',
      { steps: [{ at: '2027-02-01T10:00:00Z', do: 'pause', on: 'sub' }] },
      'steps.0.on: no earlier step has the name "sub"',
    ],
    [
      'a name that is used twice',
      {
        steps: [
          { at: '2027-02-01T10:00:00Z', do: 'order', as: 'sub' },
          { at: '2027-02-01T10:00:00Z', do: 'order', as: 'sub' },
        ],
      },
      'steps.1.as: the name is taken',
    ],
    ['an end before its start', { until: '2027-01-01T00:00:00Z', steps: [] }, 'until: must be after start'],
  ])('is refused with %s', (_, changes, problem) => {
    expect(problemsOf(scenario(changes))).toContain(problem);
  });

  it('is refused with a path when something in it is unknown', () => {
    expect(problemsOf(scenario({ steps: [{ at: '2027-02-01T10:00:00Z', do: 'dance' }] }))[0]).toMatch(/^steps\.0/);
  });
});

import { describe, expect, it } from '@jest/globals';
import { percent, scoreOf } from '../../../dev/mutation/mutation-score.ts';
import { mutationTarget } from '../../../dev/mutation/mutation-target.ts';
import { read } from '../../architecture/source.ts';

describe('what is mutated', () => {
  it('of a folder is every file, met by the tests of the same feature', () => {
    const { path, mutate, tests, needsDatabase } = mutationTarget('./domain/tax/');
    expect({ path, tests, needsDatabase }).toEqual({
      path: 'domain/tax',
      tests: '<rootDir>/test/domain/tax/**/*.test.ts',
      needsDatabase: false,
    });
    expect(mutate).toContain('domain/tax/compute-tax.ts');
    expect(mutationTarget('services/ledger').needsDatabase).toBe(true);
    expect(mutationTarget('domain/tax/country.ts').mutate).toEqual(['domain/tax/country.ts']);
  });

  it('of a file with dated data is its functions and no table', () => {
    const file = 'domain/tax/data/world-vat.ts';
    const lines = read(file).split('\n');
    const { mutate } = mutationTarget(file);
    const starts = mutate.map((range) => /^(.*):(\d+):(\d+)-\d+:\d+$/.exec(range)).map((found) => [...(found ?? [])]);
    expect(starts.length).toBeGreaterThan(2);
    for (const [, path, line, column] of starts) {
      expect(path).toBe(file);
      expect(lines[Number(line) - 1]?.slice(Number(column))).toMatch(/^(export )?function |^\(|^[a-z]+ =>/i);
    }
    const table = lines.findIndex((line) => line.includes("...taxed('GB'")) + 1;
    expect(starts.map(([, , line]) => Number(line))).not.toContain(table);
  });

  it('is nothing outside domain and services, and nothing where no code is', () => {
    expect(() => mutationTarget('workflows/order')).toThrow('only domain/ and services/');
    expect(() => mutationTarget('domain/tax/data/time-zones.ts')).toThrow('nothing there to mutate');
    expect(() => mutationTarget('domain/nothing')).toThrow('no such file');
  });
});

describe('the score', () => {
  it('counts what was killed or ran for ever against what no test noticed, and nothing else', () => {
    const statuses = ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'RuntimeError', 'Ignored'];
    const score = scoreOf(statuses.map((status) => ({ status })));
    expect(score).toEqual({ detected: 3, undetected: 2 });
    expect(percent(score)).toBe(60);
    expect(percent(scoreOf([]))).toBeNull();
  });
});

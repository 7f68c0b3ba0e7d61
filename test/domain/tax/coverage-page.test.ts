import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { renderCoverage } from '../../../dev/tax/coverage.ts';

describe('docs/tax-coverage.md', () => {
  it('is what the tables say: `npx tsx dev/tax/write-coverage.ts` writes it anew', async () => {
    const onDisk = await readFile(new URL('../../../docs/tax-coverage.md', import.meta.url), 'utf8');
    expect(onDisk).toBe(await renderCoverage());
  });
});

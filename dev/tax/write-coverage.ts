import { writeFile } from 'node:fs/promises';
import { renderCoverage } from './coverage.ts';

await writeFile(new URL('../../docs/tax-coverage.md', import.meta.url), await renderCoverage());
console.log('docs/tax-coverage.md is written.');

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { settingsSchema } from '../../workers/config.ts';
import { layers, read, root } from './source.ts';

describe('.env.example', () => {
  const lines = read('.env.example').split('\n');

  it('lists every setting that there is, and no other', () => {
    const listed = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split('=')[0]);
    expect([...listed].sort()).toEqual(Object.keys(settingsSchema.shape).sort());
  });

  it('says what each block is', () => {
    const blocks = lines.join('\n').split('\n\n');
    for (const block of blocks) expect(block).toMatch(/^#/);
  });
});

const folders = [...layers, 'docs', '.ci'];

/** Paths of this repository that a page names, in links and in code; patterns with <…>, * or {…} are no paths. */
function pathsIn(page: string): string[] {
  const text = read(page);
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(([, link]) =>
    join(dirname(page), link ?? ''),
  );
  const code = [...text.matchAll(/`([^`\n]+)`/g)]
    .flatMap(([, quoted]) => (quoted ?? '').split(/[\s,;()]+/))
    .filter((word) => folders.some((folder) => word.startsWith(`${folder}/`)) && !/[<>*{}…$]/.test(word))
    .map((word) => word.replace(/[:.]+$/, '').replace(/:\d+$/, ''));
  return [...new Set([...links, ...code])].sort();
}

describe.each(['README.md', 'docs/feature-map.md'])('%s', (page) => {
  it('names paths that exist', () => {
    const paths = pathsIn(page);
    expect(paths).not.toHaveLength(0);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

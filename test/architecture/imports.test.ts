import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { layers, root } from './source.ts';

// Goal: the arrows of docs/architecture hold, and the tool that says so would notice if they did not.

const run = promisify(execFile);
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** What dependency-cruiser prints; it exits with the number of errors. */
async function cruise(cwd: string, folders: readonly string[]): Promise<string> {
  try {
    return (await run(process.execPath, [cruiser, ...folders, '--output-type', 'err'], { cwd, env: {} })).stdout;
  } catch (error) {
    // By shape, not by class: the error comes from another realm.
    if (typeof error === 'object' && error !== null && 'stdout' in error) return String(error.stdout);
    throw error;
  }
}

/** A repository with our rules and these files. */
async function cruisePlanted(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-arrows-'));
  try {
    for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      await cp(join(root, name), join(folder, name));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    return await cruise(folder, [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('who may import whom', () => {
  it('holds in this repository', async () => {
    expect(await cruise(root, layers)).toContain('no dependency violations found');
  }, 120_000);

  it.each([
    ['domain-arrows', { 'domain/a.ts': "import '../services/b.ts';", 'services/b.ts': '' }],
    ['services-arrows', { 'services/a.ts': "import '../activities/b.ts';", 'activities/b.ts': '' }],
    ['workflows-arrows', { 'workflows/a.ts': "import '../services/b.ts';", 'services/b.ts': '' }],
    ['workflows-light', { 'workflows/a.ts': "import { z } from 'zod';\nexport const a = z;" }],
    ['clients-arrows', { 'clients/a.ts': "import '../workflows/b.workflow.ts';", 'workflows/b.workflow.ts': '' }],
    ['no-cycles', { 'domain/a.ts': "import './b.ts';", 'domain/b.ts': "import './a.ts';" }],
  ])(
    'is refused by the rule %s when planted',
    async (rule, files) => {
      expect(await cruisePlanted(files)).toContain(rule);
    },
    60_000,
  );
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** What one run of Stryker mutates and which tests have to notice. */
export interface MutationTarget {
  /** As it was asked for: a folder like `domain/tax`, or a file in one. */
  readonly path: string;
  /** Files and ranges in Stryker's notation. */
  readonly mutate: readonly string[];
  /** Pattern of the tests of the same feature: `test/domain/tax/**` for anything in `domain/tax`. */
  readonly tests: string;
  /** Whether the tests run against MongoDB. */
  readonly needsDatabase: boolean;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Throws when there is no such file or folder, or nothing in it to mutate. */
export function mutationTarget(path: string): MutationTarget {
  const clean = path.replace(/^\.\//, '').replace(/\/+$/, '');
  const [layer = '', feature = ''] = clean.split('/');
  if (layer !== 'domain' && layer !== 'services') throw new Error(`${path}: only domain/ and services/ are mutated`);
  const mutate = sourceFiles(clean).flatMap((file) => (isData(file) ? functionsOf(file) : [file]));
  if (mutate.length === 0) throw new Error(`${path}: nothing there to mutate`);
  return {
    path: clean,
    mutate,
    tests: `<rootDir>/test/${[layer, feature].join('/')}/**/*.test.ts`,
    needsDatabase: layer === 'services',
  };
}

function sourceFiles(path: string): readonly string[] {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${path}/${name.replaceAll('\\', '/')}`)
    .sort();
}

const isData = (file: string): boolean => /\/data\/[^/]+$/.test(file);

/**
 * The outermost functions of a file with dated data, as ranges. Its tables are left out: they are facts of law with their
 * source beside them. `npm run tax:check-data` checks their form and people compare them with the source; a test that
 * repeats a row would only say it twice.
 */
function functionsOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true);
  const at = (position: number): string => {
    const { line, character } = source.getLineAndCharacterOfPosition(position);
    return `${line + 1}:${character}`;
  };
  const ranges: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) || ts.isArrowFunction(node))
      ranges.push(`${file}:${at(node.getStart())}-${at(node.end)}`);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return ranges;
}

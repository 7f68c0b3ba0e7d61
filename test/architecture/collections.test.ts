import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { collections } from '../../services/store/collections.ts';
import { root, sourceFiles } from './source.ts';

const declared = sourceFiles(['services']).flatMap(({ path, text }) =>
  [...text.matchAll(/\bconst (\w+): CollectionSpec</g)].map(([, name]) => ({ path, name: name ?? '' })),
);

describe('collections', () => {
  it.each(declared)('$name in $path is registered, and owned by its folder', async ({ path, name }) => {
    const module = (await import(pathToFileURL(`${root}${path}`).href)) as Record<string, unknown>;
    const found = collections.find((collection) => collection === module[name]);
    expect(found).toBeDefined();
    expect(found?.owner).toBe(path.split('/')[1]);
  });

  it('are as many as were declared, each under a name of its own', () => {
    expect(collections).toHaveLength(declared.length);
    expect(new Set(collections.map(({ name }) => name)).size).toBe(collections.length);
  });

  it.each(collections.map((collection) => [collection.name, collection] as const))(
    '%s has a retention class, a schema, and indexes that any server takes',
    (_name, { retention, schema, indexes }) => {
      expect(['books', 'dispute', 'operational', 'transient']).toContain(retention);
      expect(schema.safeParse(null).success).toBe(false);
      expect(indexes.some((index) => index.expireAfterSeconds !== undefined)).toBe(retention === 'transient');
      for (const index of indexes) {
        expect(index.name).toMatch(/^[a-z_]+$/);
        expect(index).not.toHaveProperty('partialFilterExpression');
      }
    },
  );

  it('are opened through their specification only', () => {
    const opening = sourceFiles(['services', 'activities', 'workers', 'clients'])
      .filter(({ text }) => /\.collection(<\w+>)?\(/.test(text))
      .map(({ path }) => path);
    // GridFS makes its two collections itself; the file store removes old versions from them.
    const gridFs = 'services/catalog/file-store.ts';
    expect(opening).toEqual([gridFs, 'services/store/collection.ts', 'services/store/collections.ts']);
  });
});

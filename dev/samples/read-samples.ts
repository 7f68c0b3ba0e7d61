import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { sampleCatalogSchema, sampleSchema } from './sample-schema.ts';
import type { Sample, SampleCatalog } from './sample-schema.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** Every sample by file name, bad input last. @throws with the file and what is wrong in it */
export function readSamples(): readonly Sample[] {
  const samples = readdirSync(`${folder}orders`)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ ...read(`orders/${file}`, sampleSchema), name: basename(file, '.json') }));
  const isRefused = ({ expect }: Sample): boolean => 'problem' in expect;
  return [...samples.filter((sample) => !isRefused(sample)), ...samples.filter(isRefused)];
}

export const readSampleCatalog = (): SampleCatalog => read('catalog.json', sampleCatalogSchema);

export const readSampleFile = (name: string): Buffer => readFileSync(`${folder}files/${name}`);

function read<Content>(file: string, schema: z.ZodType<Content>): Content {
  const parsed = schema.safeParse(JSON.parse(readFileSync(folder + file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`dev/samples/${file} is not as sample-schema.ts says:\n${z.prettifyError(parsed.error)}`);
}

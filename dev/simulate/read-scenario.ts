import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { scenarioSchema } from './scenario-schema.ts';
import type { Scenario } from './scenario-schema.ts';

/** @throws naming the file, the path in it and what is wrong there */
export async function readScenario(file: string): Promise<Scenario> {
  const parsed = scenarioSchema.safeParse(parseJson(file, await readFile(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is no scenario:\n${z.prettifyError(parsed.error)}`);
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

import { z } from 'zod';

export const sandboxBusinessTaxIdsConfigSchema = z.strictObject({
  /** Root of the sandbox. */
  baseUrl: z.url().transform((url) => url.replace(/\/$/, '')),
  apiKey: z.string().min(1),
  timeoutMs: z.int().min(1).max(120_000),
});

export type SandboxBusinessTaxIdsConfig = z.output<typeof sandboxBusinessTaxIdsConfigSchema>;

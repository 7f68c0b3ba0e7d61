import { z } from 'zod';

export const remoteTaxEngineConfigSchema = z.strictObject({
  /** Root of the engine; requests go to `{baseUrl}/compute-tax`. */
  baseUrl: z.url().transform((url) => url.replace(/\/$/, '')),
  apiKey: z.string().min(1),
  timeoutMs: z.int().min(1).max(120_000),
});

export type RemoteTaxEngineConfig = z.output<typeof remoteTaxEngineConfigSchema>;

import { z } from 'zod';

/** How to reach a sandbox provider. */
export const gatewayConfigSchema = z.strictObject({
  /** Root of the sandbox, no trailing slash needed. */
  baseUrl: z.url().transform((url) => url.replace(/\/$/, '')),
  apiKey: z.string().min(1),
  timeoutMs: z.int().min(1).max(120_000),
});

export type GatewayConfig = z.output<typeof gatewayConfigSchema>;

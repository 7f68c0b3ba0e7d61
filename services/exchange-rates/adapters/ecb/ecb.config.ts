import { z } from 'zod';

/** The files are public: there is no key. */
export const ecbConfigSchema = z.strictObject({
  /** Folder of the files, such as https://www.ecb.europa.eu/stats/eurofxref. */
  baseUrl: z.url().transform((url) => url.replace(/\/$/, '')),
  timeoutMs: z.int().min(1).max(120_000),
});

export type EcbConfig = z.output<typeof ecbConfigSchema>;

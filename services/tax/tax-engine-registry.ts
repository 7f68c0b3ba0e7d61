import { remoteTaxEngineConfigSchema } from './adapters/remote-tax-engine/remote-tax-engine.config.ts';
import { createRemoteTaxEngine } from './adapters/remote-tax-engine/remote-tax-engine.engine.ts';
import { tableTaxEngine } from './adapters/tables/table-tax-engine.ts';
import type { TaxEngine } from './tax-engine.ts';

/** `tables` is ours and the default; `remote` is any engine that speaks the port over HTTP. */
export const taxEngineIds = ['tables', 'remote'] as const;
export type TaxEngineId = (typeof taxEngineIds)[number];

/** Settings of an engine; ours needs none. */
export interface TaxEngineConfig {
  readonly id: TaxEngineId;
  readonly baseUrl: string | null;
  readonly apiKey: string | null;
  readonly timeoutMs: number;
}

/** The one place where an engine is registered; a missing entry does not compile. */
const taxEngineRegistry: { readonly [Id in TaxEngineId]: (config: TaxEngineConfig) => TaxEngine } = {
  tables: () => tableTaxEngine,
  remote: ({ baseUrl, apiKey, timeoutMs }) =>
    createRemoteTaxEngine(remoteTaxEngineConfigSchema.parse({ baseUrl, apiKey, timeoutMs })),
};

/** @throws ZodError when the engine's settings are missing: at the start of the process, not at a sale */
export function createTaxEngine(config: TaxEngineConfig): TaxEngine {
  return taxEngineRegistry[config.id](config);
}

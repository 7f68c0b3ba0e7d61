export { gatewayConfigSchema as sandboxAcquirerConfigSchema } from '../gateway-config.ts';
export type { GatewayConfig as SandboxAcquirerConfig } from '../gateway-config.ts';

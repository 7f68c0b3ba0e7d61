export { gatewayConfigSchema as sandboxDeferredPaymentsConfigSchema } from '../gateway-config.ts';
export type { GatewayConfig as SandboxDeferredPaymentsConfig } from '../gateway-config.ts';

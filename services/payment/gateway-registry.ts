import { cardChargeLimits, voucherChargeLimits } from '../../domain/money/data/charge-limits.ts';
import { createSandboxAcquirer } from './adapters/sandbox-acquirer/sandbox-acquirer.gateway.ts';
import { readSandboxAcquirerNotice } from './adapters/sandbox-acquirer/sandbox-acquirer.webhook.ts';
import { createSandboxDeferredPayments } from './adapters/sandbox-deferred-payments/sandbox-deferred-payments.gateway.ts';
import { readSandboxDeferredPaymentsNotice } from './adapters/sandbox-deferred-payments/sandbox-deferred-payments.webhook.ts';
import { gatewayConfigSchema } from './adapters/gateway-config.ts';
import type { GatewayConfig } from './adapters/gateway-config.ts';
import type { GatewayNotice } from './gateway-notice.ts';
import type { GatewayProfile, PaymentGateway } from './payment-gateway.ts';

/** Every provider that we have a contract with. */
export const gatewayIds = ['acquirer_a', 'acquirer_b', 'deferred_payments'] as const;
export type GatewayId = (typeof gatewayIds)[number];

interface GatewayRegistration<Id extends string> {
  readonly profile: GatewayProfile & { readonly id: Id };
  readonly create: (config: GatewayConfig) => PaymentGateway;
  /** Reads the body of a webhook whose signature was checked; null: nothing that we act on. */
  readonly readNotice: (body: unknown) => GatewayNotice | null;
}

/** The one place where a provider is registered; a missing or misnamed entry does not compile. */
export const gatewayRegistry = {
  acquirer_a: {
    profile: {
      id: 'acquirer_a',
      methods: ['card'],
      currencies: ['EUR', 'USD', 'GBP', 'CHF'],
      costBasisPoints: 140,
      limits: cardChargeLimits,
    },
    create: (config) => createSandboxAcquirer('acquirer_a', config),
    readNotice: readSandboxAcquirerNotice,
  },
  acquirer_b: {
    profile: {
      id: 'acquirer_b',
      methods: ['card'],
      currencies: 'any',
      costBasisPoints: 290,
      limits: cardChargeLimits,
    },
    create: (config) => createSandboxAcquirer('acquirer_b', config),
    readNotice: readSandboxAcquirerNotice,
  },
  deferred_payments: {
    profile: {
      id: 'deferred_payments',
      methods: ['bank_transfer', 'voucher'],
      currencies: 'any',
      costBasisPoints: 80,
      limits: voucherChargeLimits,
    },
    create: createSandboxDeferredPayments,
    readNotice: readSandboxDeferredPaymentsNotice,
  },
} as const satisfies { readonly [Id in GatewayId]: GatewayRegistration<Id> };

/** What the router chooses from. */
export const gatewayProfiles: readonly GatewayProfile[] = gatewayIds.map((id) => gatewayRegistry[id].profile);

/** For paths and other text from outside. */
export function isGatewayId(text: string): text is GatewayId {
  return gatewayIds.some((id) => id === text);
}

/** One adapter per provider. @throws ZodError when a config is malformed: at the start of the process, not at a sale */
export function createGateways(
  configs: Readonly<Record<GatewayId, GatewayConfig>>,
): Readonly<Record<GatewayId, PaymentGateway>> {
  const create = (id: GatewayId) => gatewayRegistry[id].create(gatewayConfigSchema.parse(configs[id]));
  return {
    acquirer_a: create('acquirer_a'),
    acquirer_b: create('acquirer_b'),
    deferred_payments: create('deferred_payments'),
  };
}

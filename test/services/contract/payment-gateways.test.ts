import { sandboxApiKey } from '../../../dev/sandbox/sandbox-key.ts';
import { gatewayIds, gatewayRegistry } from '../../../services/payment/gateway-registry.ts';
import { describePaymentGateway } from './payment-gateway.contract.ts';
import { openSandbox } from './sandbox-provider.ts';

// Every registered provider, so that a new one cannot be forgotten here.
for (const id of gatewayIds) {
  const { profile, create } = gatewayRegistry[id];
  const methods: readonly string[] = profile.methods;
  describePaymentGateway(
    id,
    {
      style: methods.includes('card') ? 'card' : 'deferred',
      method: profile.methods[0],
      currency: 'EUR',
      connect: (baseUrl, timeoutMs) => create({ baseUrl, apiKey: sandboxApiKey, timeoutMs }),
    },
    () => openSandbox(id),
  );
}

import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { OrderService } from '../order/order-service.ts';
import { gatewayRegistry, isGatewayId } from '../payment/gateway-registry.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import { verifySignature } from './webhook-signature.ts';
import type { SignedHeaders } from './webhook-signature.ts';
import type { WebhookEventDocument, WebhookStore } from './webhook-store.ts';

export interface WebhookServiceDeps {
  readonly store: WebhookStore;
  /** Provider (the gateway's id) → its signing secrets, the newest first; two while one is rotated out. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  readonly payments: Pick<PaymentService, 'findByGatewayPayment'>;
  readonly orders: Pick<OrderService, 'find'>;
  /** Tells the order's workflow to look at its payment again; a no-op when it has ended. */
  readonly paymentChanged: (orderId: OrderId) => Promise<void>;
}

/** `unmatched`: kept, no order is known for it (yet); the order's own polling finds out what it says. */
export type WebhookReceipt = 'handled' | 'duplicate' | 'unmatched';

export type WebhookService = ReturnType<typeof createWebhookService>;

/** Takes the providers' notices, in any order and as often as they come. */
export function createWebhookService({ store, secrets, payments, orders, paymentChanged }: WebhookServiceDeps) {
  async function findOrder(provider: string, { paymentId, reference }: EventContent): Promise<OrderId | null> {
    const payment = paymentId === null ? null : await payments.findByGatewayPayment(provider, paymentId);
    if (payment !== null) return payment.orderId;
    // The event may overtake our own record of the payment.
    return reference === null ? null : ((await orders.find(reference))?.id ?? null);
  }

  return {
    /**
     * Records the event, tells the order, marks the event handled: in this order, so that a crash in between leaves an
     * unhandled event and the provider's redelivery tells the order again.
     * @param request.body the raw body, byte for byte @param request.at ISO 8601 UTC
     * @throws request.not_found (no such provider), request.signature_invalid, workflow.unavailable (to be redelivered)
     */
    async receive({
      provider,
      headers,
      body,
      at,
    }: {
      readonly provider: string;
      readonly headers: SignedHeaders;
      readonly body: string;
      readonly at: string;
    }): Promise<WebhookReceipt> {
      if (!Object.hasOwn(secrets, provider)) return fail('request.not_found', 'There is no such webhook provider');
      const eventId = verifySignature(body, headers, secrets[provider] ?? []);
      const content = readEvent(provider, body);
      const event = await store.insert({
        _id: `${provider}/${eventId}`,
        provider,
        ...content,
        orderId: null,
        handled: false,
        receivedAt: new Date(at),
      });
      if (event.handled) return 'duplicate';
      const orderId = await findOrder(provider, content);
      if (orderId === null) return 'unmatched';
      await paymentChanged(orderId);
      await store.markHandled(event._id, orderId);
      return 'handled';
    },
  };
}

type EventContent = Pick<WebhookEventDocument, 'type' | 'paymentId' | 'reference'>;

const envelopeSchema = z.looseObject({ type: z.string().min(1).max(100) });

/** Which payment it is about, in the words of the provider's adapter. What happened to it is never believed. */
function readEvent(provider: string, body: string): EventContent {
  const parsed = parseJson(body);
  const type = envelopeSchema.safeParse(parsed).data?.type ?? 'unreadable';
  const notice = isGatewayId(provider) ? gatewayRegistry[provider].readNotice(parsed) : null;
  return { type, paymentId: notice?.paymentId ?? null, reference: notice?.reference ?? null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

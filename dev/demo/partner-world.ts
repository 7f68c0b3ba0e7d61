import { z } from 'zod';
import type { FaultRequest } from '../sandbox/faults.ts';
import { requireJson } from './json-call.ts';

const paymentsAnswer = z.array(
  z.object({
    id: z.string(),
    acquirer: z.string(),
    reference: z.string(),
    currency: z.string(),
    authorized: z.int(),
    captured: z.int(),
    refunded: z.int(),
    attempts: z.int(),
  }),
);
export type PaymentAtPartner = z.output<typeof paymentsAnswer>[number];

const messagesAnswer = z.array(
  z.object({
    to: z.string(),
    subject: z.string(),
    text: z.string().nullable(),
    messageId: z.string().nullable(),
    attachments: z.array(z.object({ filename: z.string().nullable(), content: z.string() })),
  }),
);
export type MailInInbox = z.output<typeof messagesAnswer>[number];

export type PartnerWorld = ReturnType<typeof createPartnerWorld>;

/** The world around Waybill: what acquirers hold, what arrived in the inbox, and what customers and partners do. */
export function createPartnerWorld({ sandbox, inbox }: { readonly sandbox: string; readonly inbox: string }) {
  const act = (path: string, body: object = {}) => requireJson(sandbox + path, { method: 'POST', body });
  return {
    /** Of one order, or of all. */
    payments: async (reference?: string): Promise<readonly PaymentAtPartner[]> =>
      paymentsAnswer.parse(
        await requireJson(
          `${sandbox}/payments${reference === undefined ? '' : `?reference=${encodeURIComponent(reference)}`}`,
        ),
      ),
    mailsTo: async (address: string): Promise<readonly MailInInbox[]> =>
      messagesAnswer.parse(await requireJson(`${inbox}/messages?to=${encodeURIComponent(address)}`)),
    complete3ds: (payment: string) => act(`/3ds/${payment}/complete`),
    settle: (payment: string) => act(`/payments/${payment}/settle`),
    addFault: (fault: FaultRequest) => act('/faults', fault),
    endFaults: (partner: string) => requireJson(`${sandbox}/faults?partner=${partner}`, { method: 'DELETE' }),
  };
}

import { z } from 'zod';
import { sandboxApiKey } from '../sandbox/sandbox-key.ts';
import type { FaultRequest } from '../sandbox/faults.ts';
import { requireJson } from './json-call.ts';

const paymentsAnswer = z.array(
  z.object({
    id: z.string(),
    acquirer: z.string(),
    reference: z.string(),
    state: z.string(),
    currency: z.string(),
    amount: z.int(),
    authorized: z.int(),
    captured: z.int(),
    refunded: z.int(),
    attempts: z.int(),
    /** When each request for it arrived, replays included. */
    askedAt: z.array(z.iso.datetime()),
  }),
);
export type PaymentAtPartner = z.output<typeof paymentsAnswer>[number];

const messagesAnswer = z.array(
  z.object({
    to: z.string(),
    subject: z.string(),
    text: z.string().nullable(),
    messageId: z.string().nullable(),
    attachments: z.array(z.object({ filename: z.string().nullable(), size: z.int(), content: z.string() })),
  }),
);
export type MailInInbox = z.output<typeof messagesAnswer>[number];

const accountsAnswer = z.array(
  z.object({
    ...{ externalId: z.string(), ownerEmail: z.string(), state: z.string() },
    ...{ seats: z.int(), activeSeats: z.int() },
  }),
);

const faultsAnswer = z.array(z.looseObject({ partner: z.string(), kind: z.string(), seed: z.int(), fired: z.int() }));

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
    mails: async (): Promise<readonly MailInInbox[]> => messagesAnswer.parse(await requireJson(`${inbox}/messages`)),
    mailsTo: async (address: string): Promise<readonly MailInInbox[]> =>
      messagesAnswer.parse(await requireJson(`${inbox}/messages?to=${encodeURIComponent(address)}`)),
    /** At the account host, which asks for its API key. */
    accounts: async () =>
      accountsAnswer.parse(
        await requireJson(`${sandbox}/account-host/accounts`, {
          headers: { authorization: `Bearer ${sandboxApiKey}` },
        }),
      ),
    complete3ds: (payment: string) => act(`/3ds/${payment}/complete`),
    fail3ds: (payment: string) => act(`/3ds/${payment}/fail`),
    settle: (payment: string) => act(`/payments/${payment}/settle`),
    expire: (payment: string) => act(`/payments/${payment}/expire`),
    /** What the register of business tax ids says of that number from now on. */
    tellRegister: (id: string, status: 'confirmed' | 'unknown' | 'unavailable') =>
      act(`/business-tax-ids/${id}`, { status }),
    /** What is out of order now, and how often each was met. */
    faults: async () => faultsAnswer.parse(await requireJson(`${sandbox}/faults`)),
    addFault: (fault: FaultRequest) => act('/faults', fault),
    /** Of one partner, or of all. */
    endFaults: (partner?: string) =>
      requireJson(`${sandbox}/faults${partner === undefined ? '' : `?partner=${partner}`}`, { method: 'DELETE' }),
  };
}

import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { PartnerDeps } from './partner-api.ts';
import { guardPartner } from './partner-api.ts';
import { refuse } from './partner-error.ts';

const accountSchema = z.strictObject({
  ownerEmail: z.email(),
  plan: z.string().min(1),
  seats: z.int().positive(),
});
const accessSchema = z.strictObject({ seats: z.int().positive(), state: z.enum(['active', 'suspended']) });
const accountParams = z.object({ externalId: z.string().min(1) });

/** A plan that the host refuses whoever asks, to try the refusal. */
const refusedPlan = 'plan_refused';

interface HostedAccount {
  readonly accountId: string;
  readonly externalId: string;
  readonly ownerEmail: string;
  readonly plan: string;
  /** As bought. */
  readonly seats: number;
  /** How many of them may be used now. */
  readonly activeSeats: number;
  readonly state: 'active' | 'suspended' | 'closed';
}

/** A vendor's host: `PUT /accounts/{externalId}` switches an account on, `…/access` limits it, `DELETE` closes it for good. */
export function registerAccountHost(
  app: FastifyInstance,
  deps: PartnerDeps & { readonly publicUrl: () => string },
): void {
  const accounts = new Map<string, HostedAccount>();
  const show = (account: HostedAccount) => ({
    account: { ...account, loginUrl: `${deps.publicUrl()}/account-host/login/${account.accountId}` },
  });

  app.get('/login/:account', (_request, reply) =>
    reply.type('text/html').send('<!doctype html><title>Sandbox account host</title><p>You would log in here.'),
  );

  app.register((api, _options, done) => {
    guardPartner(api, 'account_host', deps);
    api.get('/accounts', () => [...accounts.values()].map((account) => show(account).account));
    api.get('/accounts/:externalId', (request) => show(own(request.params)));
    api.put('/accounts/:externalId', (request, reply) => {
      const { externalId } = accountParams.parse(request.params);
      const wanted = accountSchema.parse(request.body);
      if (wanted.plan === refusedPlan) refuse(422, 'plan_unknown', 'The host has no such plan');
      const before = accounts.get(externalId);
      if (before === undefined) {
        const accountId = `acc_${randomUUID()}`;
        const account: HostedAccount = {
          ...{ ...wanted, externalId, accountId },
          ...{ activeSeats: wanted.seats, state: 'active' },
        };
        accounts.set(externalId, account);
        return reply.code(201).send(show(account));
      }
      if (before.state === 'closed') refuse(409, 'account_closed', 'This account was closed');
      if (before.ownerEmail !== wanted.ownerEmail || before.plan !== wanted.plan || before.seats !== wanted.seats)
        refuse(409, 'account_exists', 'This account exists with other settings');
      return reply.code(200).send(show(before));
    });
    api.put('/accounts/:externalId/access', (request, reply) => {
      const { seats, state } = accessSchema.parse(request.body);
      const account = own(request.params);
      if (account.state === 'closed') refuse(409, 'account_closed', 'This account was closed');
      if (seats > account.seats) refuse(422, 'too_many_seats', 'More seats than were bought');
      const adjusted: HostedAccount = { ...account, activeSeats: seats, state };
      accounts.set(account.externalId, adjusted);
      return reply.code(200).send(show(adjusted));
    });
    api.delete('/accounts/:externalId', (request, reply) => {
      const account = own(request.params);
      accounts.set(account.externalId, { ...account, state: 'closed' });
      return reply.code(204).send();
    });
    done();
  });

  function own(params: unknown): HostedAccount {
    return accounts.get(accountParams.parse(params).externalId) ?? refuse(404, 'not_found', 'There is no such account');
  }
}

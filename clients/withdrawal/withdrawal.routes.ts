import { readFile } from 'node:fs/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { newWithdrawalId } from '../../services/withdrawal/new-withdrawal-id.ts';
import type { WithdrawalService } from '../../services/withdrawal/withdrawal-service.ts';
import type { Locale } from '../../domain/order/order.ts';
import type { Api, RateLimits } from '../http/api-deps.ts';
import { toFailure } from '../http/errors.ts';
import type { WithdrawalClient } from '../withdrawal-client.ts';
import { emptyForm, readWithdrawalForm } from './withdrawal-form.ts';
import { pageLanguage } from './withdrawal-language.ts';
import { createWithdrawalPage } from './withdrawal-page.ts';
import type { Trouble } from './withdrawal-page.ts';
import { createWithdrawalTokens } from './withdrawal-token.ts';
import { pageWords } from './withdrawal-words.ts';

export interface WithdrawalPageDeps {
  readonly client: Pick<WithdrawalClient, 'record' | 'settle'>;
  /** What support may look at. */
  readonly statements: Pick<WithdrawalService, 'list'>;
  /** Seals what the first step hands to the second. */
  readonly signingKey: Uint8Array;
  /** Who sells: the name on the page. */
  readonly brand: string;
}

export interface WithdrawalRouteDeps extends Omit<WithdrawalPageDeps, 'statements'> {
  readonly now: () => string;
  readonly limits: Pick<RateLimits, 'withdrawals'>;
}

/** Nothing but our own stylesheet and our own forms; nobody may frame it. */
const policy = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const formMediaType = 'application/x-www-form-urlencoded';
const largestFormBytes = 8_192;

/**
 * The withdrawal function of Directive 2011/83/EU art. 11a: public, in two steps, in a scope of its own. Whatever order
 * number and address are sent, the answer is the same page after the same work: the statement is written down, and
 * everything that depends on the order happens after the answer (docs/adr/0018).
 */
export function registerWithdrawals(app: Api, { client, signingKey, brand, now, limits }: WithdrawalRouteDeps): void {
  const page = createWithdrawalPage({ brand });
  const tokens = createWithdrawalTokens(signingKey);
  const config = { rateLimit: { max: limits.withdrawals, timeWindow: 60_000, groupId: 'withdrawals' } };
  const languageOf = (request: FastifyRequest): Locale =>
    pageLanguage(textOf(request.query, 'lang') ?? textOf(request.body, 'lang'), request.headers['accept-language']);
  const send = (reply: FastifyReply, html: string, status = 200): FastifyReply =>
    reply.code(status).headers(pageHeaders).type('text/html; charset=utf-8').send(html);

  app.removeAllContentTypeParsers();
  app.addContentTypeParser(formMediaType, { parseAs: 'string', bodyLimit: largestFormBytes }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.setErrorHandler((error, request, reply) => {
    const { code, definition } = toFailure(error);
    request.problemCode = code;
    if (definition.status >= 500) request.log.error({ code }, 'failed');
    return send(reply, page.trouble(languageOf(request), troubleOf(definition.status)), definition.status);
  });
  // Browsers say where a form was sent from; another site's page cannot make the statement for its visitor.
  app.addHook('preHandler', (request, reply, done) => {
    const site = request.headers['sec-fetch-site'];
    if (request.method !== 'POST' || site === undefined || site === 'same-origin' || site === 'none') return done();
    void send(reply, page.trouble(languageOf(request), 'fromElsewhere'), 403);
  });

  app.get('/withdraw/style.css', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type('text/css; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .send(await readFile(new URL('./templates/style.css', import.meta.url))),
  );

  app.get('/withdraw', { config, schema: { hide: true, querystring: z.looseObject({}) } }, (request, reply) => {
    // Mails link here with the number of the order; never with an address.
    const { form } = readWithdrawalForm({ orderNumber: textOf(request.query, 'order') ?? '' });
    return send(reply, page.form(languageOf(request), { form: { ...emptyForm, ...form }, problems: {}, notice: null }));
  });

  app.post('/withdraw', { config, schema: { hide: true } }, async (request, reply) => {
    const locale = languageOf(request);
    const { form, problems } = readWithdrawalForm(request.body);
    if (Object.keys(problems).length > 0) return send(reply, page.form(locale, { form, problems, notice: null }), 422);
    const token = await tokens.seal({ id: newWithdrawalId(), form, locale }, now());
    return send(reply, page.confirm(locale, { form, token }));
  });

  app.post('/withdraw/change', { config, schema: { hide: true } }, async (request, reply) => {
    const draft = await tokens.open(textOf(request.body, 'token') ?? '', now());
    const { form, locale } = draft ?? { form: emptyForm, locale: languageOf(request) };
    return send(reply, page.form(locale, { form, problems: {}, notice: null }));
  });

  app.post('/withdraw/confirm', { config, schema: { hide: true } }, async (request, reply) => {
    const draft = await tokens.open(textOf(request.body, 'token') ?? '', now());
    if (draft === null) {
      const locale = languageOf(request);
      return send(reply, page.form(locale, { form: emptyForm, problems: {}, notice: pageWords[locale].expired }), 422);
    }
    const { id, form, locale } = draft;
    // Sent again, it is the same statement, made when it was first made.
    const { receivedAt } = await client.record({ ...form, locale }, { withdrawalId: id, at: now() });
    reply.raw.once('finish', () => settleLater(id, request));
    return send(reply, page.done(locale, { form, id, receivedAt }));
  });

  function settleLater(id: string, request: FastifyRequest): void {
    client.settle(id, now()).catch((error: unknown) => {
      // Recorded, so the sweep tries again.
      request.log.warn({ withdrawal: id, code: toFailure(error).code }, 'the withdrawal is not settled yet');
    });
  }
}

const pageHeaders = {
  'content-security-policy': policy,
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
} as const;

function troubleOf(status: number): Trouble {
  return status === 429 ? 'tooMany' : 'trouble';
}

/** One text of a form or a query; anything else is not there. */
function textOf(from: unknown, name: string): string | undefined {
  const value = z.record(z.string(), z.unknown()).catch({}).parse(from)[name];
  return typeof value === 'string' ? value : undefined;
}

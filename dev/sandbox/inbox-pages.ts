import { Eta } from 'eta';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Inbox } from './inbox.ts';
import { pageStyle } from './page-style.ts';
import { refuse } from './partner-error.ts';

const eta = new Eta();
const toQuery = z.object({ to: z.string().optional() });
const messageParams = z.object({ id: z.string() });

const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title><%= it.title %></title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style><%~ it.style %></style></head><body><main>`;

const listPage = `${head}<h1>Sandbox inbox</h1>
<form class="search"><input name="to" type="search" placeholder="Recipient" aria-label="Recipient" value="<%= it.to %>"><button>Show</button></form>
<div class="card"><% if (it.messages.length === 0) { %><p class="empty">No mail<%= it.to === '' ? ' yet' : ' for this recipient' %>.</p><% } else { %>
<table><thead><tr><th>Received</th><th>To</th><th>Subject</th></tr></thead><tbody>
<% for (const mail of it.messages) { %><tr><td class="when"><%= mail.when %></td><td><%= mail.to %></td><td><a href="<%= it.base %>/<%= mail.id %>"><%= mail.subject || '(no subject)' %></a></td></tr><% } %>
</tbody></table><% } %></div></main></body></html>`;

/** The mail's own HTML is shown in a frame that may do nothing: no scripts, no forms, no navigation, no network. */
const messagePage = `${head}<p><a href="<%= it.base %>">&larr; Inbox</a></p><h1><%= it.mail.subject || '(no subject)' %></h1>
<dl><dt>From</dt><dd><%= it.mail.from %></dd><dt>To</dt><dd><%= it.mail.to %></dd><dt>Received</dt><dd><%= it.when %></dd>
<dt>Message-ID</dt><dd><%= it.mail.messageId %></dd></dl>
<% if (it.mail.html !== null) { %><iframe sandbox="" title="Mail" srcdoc="<%= it.mail.html %>"></iframe><% } %>
<% if (it.mail.text !== null) { %><h2>Text</h2><div class="card"><pre><%= it.mail.text %></pre></div><% } %>
<% if (it.mail.attachments.length > 0) { %><h2>Attachments</h2><ul>
<% it.mail.attachments.forEach((file, index) => { %><li><a href="<%= it.base %>/<%= it.mail.id %>/attachments/<%= index %>"><%= file.filename ?? 'unnamed' %></a> (<%= file.contentType %>, <%= file.size %> bytes)</li><% }) %></ul><% } %>
<h2>Headers</h2><div class="card"><pre><%= it.headers %></pre></div></main></body></html>`;

const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-src 'self'";

const when = (at: string) => at.replace('T', ' ').slice(0, 19);

/** Pages to read the mails, and `GET /inbox/messages?to=` for programs. */
export function registerInbox(app: FastifyInstance, inbox: Inbox): void {
  const base = '/inbox';
  const find = (params: unknown) =>
    inbox.find(messageParams.parse(params).id) ?? refuse(404, 'not_found', 'There is no such message');

  app.get('/messages', (request) => inbox.list(toQuery.parse(request.query).to));
  app.get('/messages/:id', (request) => find(request.params));
  app.delete('/messages', (_request, reply) => {
    inbox.clear();
    return reply.code(204).send();
  });

  app.get('/', (request, reply) => {
    const to = toQuery.parse(request.query).to?.trim() ?? '';
    const messages = inbox
      .list(to === '' ? undefined : to)
      .map((mail) => ({ ...mail, when: when(mail.at) }))
      .reverse();
    return reply
      .type('text/html')
      .header('content-security-policy', pagePolicy)
      .send(eta.renderString(listPage, { title: 'Sandbox inbox', style: pageStyle, base, to, messages }));
  });
  app.get('/:id', (request, reply) => {
    const mail = find(request.params);
    const headers = Object.entries(mail.headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n');
    return reply
      .type('text/html')
      .header('content-security-policy', pagePolicy)
      .send(
        eta.renderString(messagePage, {
          title: mail.subject,
          style: pageStyle,
          base,
          mail,
          headers,
          when: when(mail.at),
        }),
      );
  });
  app.get('/:id/attachments/:index', (request, reply) => {
    const { index } = z.object({ index: z.coerce.number().int() }).parse(request.params);
    const file = find(request.params).attachments[index] ?? refuse(404, 'not_found', 'There is no such attachment');
    return reply
      .type('application/octet-stream')
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.filename ?? 'unnamed')}`)
      .send(Buffer.from(file.content, 'base64'));
  });
}

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { messageTemplates } from '../../../domain/message/message.ts';
import type { MessageContext, MessageSubscription } from '../../../domain/message/message.ts';
import { messagePreviews } from '../../../services/messages/message-previews.ts';
import { createMessageRenderer } from '../../../services/messages/message-renderer.ts';

const renderer = createMessageRenderer({ brand: 'Waybill', imprint: ['Waybill Commerce Ltd', 'Dublin & Cork'] });
const hostile = '<script>alert("x")</script>\' & <b>bold</b>';

/** The same context with a hostile value in every place that a customer or a seller can fill. */
function poisoned(context: MessageContext): MessageContext {
  return {
    ...context,
    order: {
      ...context.order,
      number: hostile,
      customerName: hostile,
      lines: context.order.lines.map((line) => ({ ...line, name: hostile })),
    },
    deliveries: context.deliveries.map((delivery) => {
      if (delivery.status === 'pending') return { ...delivery, product: hostile };
      switch (delivery.method) {
        case 'license':
          return { ...delivery, product: hostile, keys: [hostile] };
        case 'download':
          return { ...delivery, product: hostile, filename: hostile, url: 'javascript:alert(1)' };
        case 'account':
          return { ...delivery, product: hostile, loginUrl: 'https://host.example/"><script>alert(1)</script>' };
        default:
          return { ...delivery, product: hostile, filename: hostile };
      }
    }),
    refund: context.refund === null ? null : { ...context.refund, lines: [hostile], explanation: hostile },
    subscription: context.subscription === null ? null : poisonedSubscription(context.subscription),
    links: { order: 'data:text/html,<script>alert(1)</script>', invoice: 'javascript:alert(1)', withdrawal: null },
  };
}

function poisonedSubscription({ facts }: MessageSubscription): MessageSubscription {
  return {
    facts: { ...facts, meter: hostile },
    items: [hostile],
    manageUrl: 'javascript:alert(1)',
    surveyUrl: 'data:text/html,<script>alert(1)</script>',
  };
}

describe.each(messageTemplates)('the template %s', (template) => {
  it.each(['en', 'de'] as const)('reads well in %s: subject, HTML and text are complete', async (locale) => {
    const context = messagePreviews[template];
    const mail = await renderer.render({ template, locale, context });
    for (const part of [mail.subject, mail.html, mail.text]) {
      expect(part).not.toMatch(/undefined|null|NaN|\[object|<%|%>|\{\{|\}\}/);
    }
    for (const part of [mail.html, mail.text]) expect(part).toContain(context.order.number);
    // People know an order by its number, and a subscription by what it is called.
    expect(mail.subject).toContain(context.subscription?.items[0] ?? context.order.number);
    expect(mail.html).toContain(`lang="${locale}"`);
    expect(mail.html).toContain('Zoë Müller &amp; Söhne');
    expect(mail.text).toContain('Zoë Müller & Söhne');
    expect(mail.text).not.toMatch(/<(?!https?:)|&amp;|&#/);
    expect(mail.text).toContain('Waybill Commerce Ltd\nDublin & Cork');
    expect(mail.text).not.toMatch(/\n{3}/);
    // Nothing is fetched when the mail is opened.
    expect(mail.html).not.toMatch(/@import|<link|src="/);
    expect(mail.html).toContain('name="viewport"');
  });

  it.each(['en', 'de'] as const)('lets no value become markup in %s', async (locale) => {
    const mail = await renderer.render({ template, locale, context: poisoned(messagePreviews[template]) });
    expect(mail.html).not.toMatch(/<script|<b>bold|javascript:|data:text/);
    expect(mail.subject).not.toContain('\n');
  });

  it.each(['en', 'de'] as const)('has a file of its own in %s', async (locale) => {
    const file = new URL(`../../../services/messages/templates/${template}/${locale}.mjml`, import.meta.url);
    expect(await readFile(file, 'utf8')).toContain('mj-class="heading"');
  });
});

describe('the confirmation of an order', () => {
  it('brings everything that is ready and says what is not', async () => {
    const { text } = await renderer.render({
      template: 'order_confirmed',
      locale: 'en',
      context: messagePreviews.order_confirmed,
    });
    expect(text).toContain('Your licence keys:\n\nEDIT-1111-2222\n\nEDIT-3333-4444');
    expect(text).toContain('Download handbook.pdf <https://waybill.example/d/token?x=1&y=2>');
    expect(text).toContain('This link works until 22 November 2026 at 10:00 UTC.');
    expect(text).toContain('Log in <https://host.example/login>');
    expect(text).toContain('Attached: cheat-sheet.pdf');
    expect(text).toContain('Still on its way: Printed handbook');
    expect(text).toContain('Editor Pro × 3: €142.76\nHandbook: €11.90\n');
    expect(text).toContain('you thereby lose your right of withdrawal');
  });

  it('leaves out what there is not', async () => {
    const context = messagePreviews.order_confirmed;
    const { text, html } = await renderer.render({
      template: 'order_confirmed',
      locale: 'de',
      context: {
        ...context,
        order: { ...context.order, withdrawalWaiver: false },
        deliveries: [],
        links: { order: null, invoice: null, withdrawal: null },
      },
    });
    expect(text).not.toMatch(/Widerruf|Rechnung|unterwegs|Hier ist, was/);
    expect(html).not.toContain('href=');
    expect(text).toContain('Gesamt: 166,56\u00a0€');
  });

  it('thanks for no payment where nothing had to be paid', async () => {
    const context = messagePreviews.order_confirmed;
    const free = { ...context, order: { ...context.order, net: 0, tax: 0, gross: 0 } };
    const { text } = await renderer.render({ template: 'order_confirmed', locale: 'en', context: free });
    expect(text).toContain('is complete, there is nothing to pay.');
    expect(text).not.toContain('received your payment');
  });

  it('shows no empty table for an order that was never priced', async () => {
    const context = messagePreviews.order_cancelled;
    const bare = { ...context, order: { ...context.order, lines: [] } };
    const { text, html } = await renderer.render({ template: 'order_cancelled', locale: 'en', context: bare });
    expect(text).not.toContain('Total');
    expect(html).not.toContain('class="row"');
  });
});

describe('the message of a delay', () => {
  it.each([
    ['en', 'This is ready for you already:'],
    ['de', 'Das steht schon für Sie bereit:'],
  ] as const)(
    'brings what is ready and confirms the order, because no confirmation follows it (%s)',
    async (locale, ready) => {
      const context = messagePreviews.delivery_delayed;
      const { text } = await renderer.render({ template: 'delivery_delayed', locale, context });
      expect(text).toContain('Team workspace');
      expect(text).toContain(ready);
      expect(text).toContain('PLUG-1111-2222');
      expect(text).toMatch(/Editor Pro × 3/);
      expect(text).toMatch(/right of withdrawal|Widerrufsrecht/);
      expect(text).toMatch(/invoice|Rechnung/i);
    },
  );
});

describe('rendering', () => {
  it('is cheap once the templates are compiled', async () => {
    const fresh = createMessageRenderer({ brand: 'Waybill', imprint: [] });
    await fresh.warmUp();
    const context = messagePreviews.order_confirmed;
    const started = performance.now();
    for (let index = 0; index < 200; index += 1) {
      await fresh.render({ template: 'order_confirmed', locale: 'de', context });
    }
    expect((performance.now() - started) / 200).toBeLessThan(3);
  });
});

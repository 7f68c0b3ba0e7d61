import { describe, expect, it } from '@jest/globals';
import { readSubscriptionFacts, subscriptionMessageData } from '../../../domain/message/message-facts.ts';
import type { SubscriptionFacts } from '../../../domain/message/message-facts.ts';
import type { MessageContext, MessageTemplate } from '../../../domain/message/message.ts';
import type { Locale } from '../../../domain/order/order.ts';
import { messagePreviews } from '../../../services/messages/message-previews.ts';
import { createMessageRenderer } from '../../../services/messages/message-renderer.ts';

const renderer = createMessageRenderer({ brand: 'Waybill', imprint: ['Waybill Commerce Ltd'] });

/** The preview of a template with other facts. */
function contextOf(
  template: MessageTemplate,
  facts: Partial<SubscriptionFacts> = {},
  manageUrl: string | null = 'https://portal.example/subscriptions/sub_1',
): MessageContext {
  const preview = messagePreviews[template];
  const { subscription } = preview;
  if (subscription === null) throw new Error(`${template} is not about a subscription`);
  const read = readSubscriptionFacts(subscriptionMessageData({ ...subscription.facts, ...facts }));
  if (read === null) throw new Error('no facts');
  return { ...preview, subscription: { ...subscription, facts: read, manageUrl } };
}

async function textOf(template: MessageTemplate, context: MessageContext, locale: Locale = 'en'): Promise<string> {
  return (await renderer.render({ template, locale, context })).text;
}

describe('the mail of a failed payment', () => {
  it.each([
    ['new_method', 'can no longer be used', 'kann nicht mehr verwendet werden|nicht mehr verwendet'],
    ['confirm', 'confirm the payment yourself', 'selbst bestätigen'],
    ['update_data', 'expired or been replaced', 'abgelaufen oder wurde ersetzt'],
    ['funds', 'not enough money', 'reichte nicht aus'],
    ['ask_bank', 'did not say why', 'keinen Grund'],
    ['nothing', 'do not need to do anything', 'müssen nichts tun'],
  ] as const)('says what to do about it: %s', async (advice, english, german) => {
    const context = contextOf('payment_failed', { advice });
    expect(await textOf('payment_failed', context)).toMatch(new RegExp(english));
    expect(await textOf('payment_failed', context, 'de')).toMatch(new RegExp(german));
  });

  it.each([
    ['payment_failed', 'grace', 'You keep full access until 15 December 2026'],
    ['access_restricted', 'restricted', 'will be suspended on 15 December 2026'],
    ['access_suspended', 'suspended', 'ends on 15 December 2026'],
  ] as const)('%s says what happens next and when, on the calendar of the customer', async (template, stage, words) => {
    const context = contextOf(template, { stage, stageUntil: '2026-12-14T23:30:00.000Z' });
    expect(await textOf(template, context)).toContain(words);
  });

  it('promises another try only where there is one, and asks for no card where nothing is to be done', async () => {
    const again = await textOf('payment_failed', contextOf('payment_failed', { advice: 'nothing' }));
    expect(again).toContain('We will try again on 3 December 2026.');
    expect(again).not.toContain('Pay now');
    const never = contextOf('payment_failed', { advice: 'new_method', retryAt: null });
    expect(await textOf('payment_failed', never)).not.toContain('We will try again');
  });

  it('tells how to pay and to cancel by mail where there is no page for it', async () => {
    const text = await textOf('payment_failed', contextOf('payment_failed', {}, null));
    expect(text).toContain('we will send you a secure link to pay');
    expect(text).toContain('reply to this message with the word “cancel”');
  });
});

describe('what the law and the networks want to be said', () => {
  it.each([
    'subscription_started',
    'trial_ending',
    'renewal_reminder',
    'subscription_renewed',
    'price_change_notice',
    'annual_reminder',
    'pause_ending',
  ] as const)('%s names the product and says how to cancel, with a link or without one', async (template) => {
    for (const locale of ['en', 'de'] as const) {
      const linked = await textOf(template, contextOf(template), locale);
      expect(linked).toContain('Editor Pro');
      expect(linked).toContain('<https://portal.example/subscriptions/sub_1>');
      expect(await textOf(template, contextOf(template, {}, null), locale)).toMatch(/“cancel”|„kündigen“/);
    }
  });

  it.each(['trial_ending', 'renewal_reminder', 'price_change_notice', 'annual_reminder'] as const)(
    '%s names the amount, how often, and the day',
    async (template) => {
      const facts = { interval: 'month', count: 3 } as const;
      const english = await textOf(template, contextOf(template, facts));
      expect(english).toContain('€59.50 every 3 months');
      expect(english).toContain('1 December 2026');
      expect(await textOf(template, contextOf(template, facts), 'de')).toContain('59,50\u00a0€ alle 3 Monate');
    },
  );

  it('a price change names both prices', async () => {
    expect(await textOf('price_change_notice', contextOf('price_change_notice'))).toContain(
      'you then pay €59.50 a month instead of €47.60',
    );
  });

  it('a trial without a method on file asks for one and promises that nothing is charged without it', async () => {
    const text = await textOf('trial_ending', contextOf('trial_ending', { advice: 'new_method' }));
    expect(text).toContain('We have no payment method of yours on file.');
    expect(text).toContain('Pay now or change your card');
    expect(text).not.toContain('you pay €59.50 a month, tax included: first on');
  });
});

describe('the mail of a cancellation', () => {
  it.each([
    ['period_end', 'You can use it until 1 January 2027'],
    ['now', 'It ended on 1 January 2027'],
    ['unpaid', 'because its renewal stayed unpaid'],
    ['paused_too_long', 'because it was paused for a year'],
  ] as const)('says what it means: %s', async (ending, words) => {
    const text = await textOf('subscription_cancelled', contextOf('subscription_cancelled', { ending }));
    expect(text).toContain(words);
    expect(text.match(/cancellation of|renewal stayed unpaid|paused for a year/g)).toHaveLength(1);
    expect(text).toContain('tell us why');
  });
});

describe('the mails of a refund', () => {
  it('refused: give the reason, and how long it can be appealed', async () => {
    const context = messagePreviews.refund_refused;
    const text = await textOf('refund_refused', context);
    expect(text).toContain('The 14 days for a withdrawal ended on 5 December 2026.');
    expect(text).toContain('until 5 January 2027 at 10:00 UTC');
    const final = context.refund === null ? null : { ...context.refund, appealUntil: null };
    expect(await textOf('refund_refused', { ...context, refund: final })).not.toContain('look at it again');
  });

  it('done: name the amount, the lines and the credit note', async () => {
    const text = await textOf('refund_done', messagePreviews.refund_done);
    expect(text).toMatch(/€11\.90[^]*Handbook[^]*Your credit note <https:/);
  });
});

describe('a mail about a subscription that was queued without its facts', () => {
  it('is refused instead of being sent half empty', async () => {
    const context = messagePreviews.order_confirmed;
    await expect(textOf('subscription_renewed', context)).rejects.toMatchObject({ code: 'message.data_invalid' });
  });
});

import { Eta } from 'eta';
import { readFile } from 'node:fs/promises';
import { fail } from '../../domain/failures.ts';
import { createLocalizedFormat } from '../../domain/message/localized.ts';
import { isAboutSubscription, messageTemplates } from '../../domain/message/message.ts';
import type { MessageContext, MessageTemplate, RenderedMessage } from '../../domain/message/message.ts';
import type { Locale } from '../../domain/order/order.ts';
import { mailView } from './mail-view.ts';
import type { MailView } from './mail-view.ts';
import { messageCatalogue } from './message-catalogue.ts';
import { sharedWords } from './message-words.ts';

export interface MessageRenderer {
  /**
   * A template is compiled when it is first used; after that a mail takes well under a millisecond of string work.
   * @throws message.data_invalid
   */
  render(request: {
    readonly template: MessageTemplate;
    readonly locale: Locale;
    readonly context: MessageContext;
  }): Promise<RenderedMessage>;
  /** Compiles every template in every language, so that a broken one stops the start and not a mail. */
  warmUp(): Promise<void>;
}

export interface MailBranding {
  readonly brand: string;
  /** Name, address, register entry and tax id of the seller, one line each (domain/invoice/legal-entity.ts). */
  readonly imprint: readonly string[];
}

type Compiled = (view: MailView) => RenderedMessage;

const locales: readonly Locale[] = ['en', 'de'];
const partials = [
  'order-lines',
  'deliveries',
  'invoice-and-waiver',
  'credit-note',
  'cancel-how',
  'manage',
  'pay',
  'payment-advice',
  'unpaid-stage',
  'exit-survey',
  'explanation',
  'refunded-lines',
] as const;

/**
 * Two stages. At compile time `{{ }}` puts words, partials and body into the layout and MJML makes it HTML, through which
 * Eta's `<% %>` pass untouched. At send time Eta fills in the values, escaped. The text part is made from the same HTML
 * at compile time, so that nothing can be in one part and not in the other.
 */
export function createMessageRenderer(branding: MailBranding): MessageRenderer {
  const compiled = new Map<string, Promise<Compiled>>();

  const compiledOnce = (template: MessageTemplate, locale: Locale): Promise<Compiled> => {
    const key = `${template}/${locale}`;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const compiling = compileTemplate(template, locale, branding);
    compiled.set(key, compiling);
    return compiling;
  };
  const formats = { en: createLocalizedFormat('en'), de: createLocalizedFormat('de') } satisfies Record<Locale, object>;

  return {
    async render({ template, locale, context }) {
      if (context.subscription === null && isAboutSubscription(template))
        fail('message.data_invalid', `${template} was queued without the facts of a subscription`);
      const fill = await compiledOnce(template, locale);
      return fill(mailView(context, locale, formats[locale]));
    },
    async warmUp() {
      for (const template of messageTemplates) {
        for (const locale of locales) await compiledOnce(template, locale);
      }
    },
  };
}

async function compileTemplate(template: MessageTemplate, locale: Locale, branding: MailBranding): Promise<Compiled> {
  const assembly = new Eta({ tags: ['{{', '}}'], autoEscape: false, autoTrim: false, ...strict });
  const { subject, preheader } = messageCatalogue[template][locale];
  const words = { locale, label: sharedWords[locale] };
  const partial: Record<string, string> = {};
  for (const name of partials) partial[name] = assembly.renderString(await source(`partials/${name}`), words);
  const body = assembly.renderString(await source(`${template}/${locale}`), { ...words, partial });
  const brand = escapeMarkup(branding.brand);
  const imprint = branding.imprint.map(escapeMarkup);
  const layout = { ...words, subject, preheader, body, brand, imprint };
  // Half a second of loading: for those who send mails, not for everyone who only writes one down.
  const { toHtml, toText } = await import('./mail-markup.ts');
  const html = await toHtml(assembly.renderString(await source('layout'), layout), `${template}/${locale}`);
  return toFunction({ html, text: toText(html), subject });
}

function toFunction({ html, text, subject }: Readonly<Record<'html' | 'text' | 'subject', string>>): Compiled {
  const escaping = new Eta({ autoEscape: true, ...strict });
  const plain = new Eta({ autoEscape: false, autoTrim: false, ...strict });
  const fillHtml = escaping.compile(html);
  const fillText = plain.compile(withoutControlLines(text));
  const fillSubject = plain.compile(subject);
  return (view) => {
    // A header has one line, whatever an order number or a name may hold.
    const subjectLine = fillSubject.call(plain, view).replace(/\s+/g, ' ');
    return {
      subject: subjectLine,
      html: fillHtml.call(escaping, { ...view, subject: subjectLine }),
      text: `${fillText
        .call(plain, view)
        .replace(/\n{3,}/g, '\n\n')
        .trim()}\n`,
    };
  };
}

/** A value that a template names and the view does not have is a mistake in the template, never the word "undefined". */
const strict = {
  autoFilter: true,
  filterFunction: (value: unknown): string =>
    typeof value === 'string' ? value : fail('internal.unexpected', 'A template shows what is not a text'),
} as const;

/** A loop or a condition on a line of its own must not leave an empty line behind. */
function withoutControlLines(text: string): string {
  return text.replace(/^((?:[ \t]*<%(?![=~])(?:(?!%>).)*%>)+)\s*\n/gm, '$1');
}

function source(name: string): Promise<string> {
  return readFile(new URL(`./templates/${name}.mjml`, import.meta.url), 'utf8');
}

function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

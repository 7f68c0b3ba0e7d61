import { compile as compileToText } from 'html-to-text';
import mjml from 'mjml';
import { fail } from '../../domain/failures.ts';

/**
 * The HTML of a mail's MJML, its placeholders untouched.
 * @param name of the template, for the message when MJML does not take it
 */
export async function toHtml(markup: string, name: string): Promise<string> {
  const { html, errors } = await mjml(markup, {
    validationLevel: 'soft',
    // No web fonts: they would tell a third party who opens the mail.
    fonts: {},
  });
  if (errors.length > 0) {
    fail('internal.unexpected', `Template ${name}: ${errors.map((one) => one.formattedMessage).join('; ')}`);
  }
  return html;
}

/** The text part of the same mail. */
export const toText = compileToText({
  wordwrap: false,
  selectors: [
    { selector: 'div[style^="display:none"]', format: 'skip' },
    { selector: 'title', format: 'skip' },
    { selector: 'div', format: 'block', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
    { selector: 'table', format: 'block', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
    { selector: 'tr.row', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'td.label', format: 'inlineSurround', options: { suffix: ': ' } },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['<', '>'] } },
  ],
});

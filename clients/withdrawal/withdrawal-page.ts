import { fileURLToPath } from 'node:url';
import { Eta } from 'eta';
import { createLocalizedFormat } from '../../domain/message/localized.ts';
import type { Locale } from '../../domain/order/order.ts';
import { withdrawalFields } from './withdrawal-form.ts';
import type { FormProblems, WithdrawalField, WithdrawalForm } from './withdrawal-form.ts';
import { pageWords } from './withdrawal-words.ts';

const inputs: Readonly<Record<WithdrawalField, { readonly type: string; readonly autocomplete: string }>> = {
  name: { type: 'text', autocomplete: 'name' },
  orderNumber: { type: 'text', autocomplete: 'off' },
  email: { type: 'email', autocomplete: 'email' },
};

export type Trouble = 'tooMany' | 'trouble' | 'fromElsewhere';

/** The pages as HTML; they work without JavaScript and load one stylesheet of our own. */
export function createWithdrawalPage({ brand }: { readonly brand: string }) {
  const views = fileURLToPath(new URL('./templates', import.meta.url));
  const eta = new Eta({ views, cache: true, autoEscape: true, autoFilter: true, filterFunction: String });
  const formats = { en: createLocalizedFormat('en'), de: createLocalizedFormat('de') } satisfies Record<Locale, object>;

  function render(view: string, locale: Locale, heading: string, content: object): string {
    const frame = { locale, otherLocale: locale === 'de' ? 'en' : 'de', words: pageWords[locale], brand, heading };
    return eta.render(`./${view}`, { ...frame, ...content });
  }

  return {
    form(
      locale: Locale,
      {
        form,
        problems,
        notice,
      }: { readonly form: WithdrawalForm; readonly problems: FormProblems; readonly notice: string | null },
    ): string {
      const words = pageWords[locale];
      const fields = withdrawalFields.map((name) => {
        const problem = problems[name];
        const { label, hint } = words.fields[name];
        const error = problem === undefined ? null : words.problems[problem](label);
        return { name, label, hint, error, value: form[name], ...inputs[name] };
      });
      const errors = fields.flatMap(({ name, error }) => (error === null ? [] : [{ field: name, text: error }]));
      return render('form', locale, words.title, { fields, errors, notice });
    },

    confirm(locale: Locale, { form, token }: { readonly form: WithdrawalForm; readonly token: string }): string {
      return render('confirm', locale, pageWords[locale].checkTitle, { token, rows: statementRows(locale, form) });
    },

    /** @param receivedAt ISO 8601 UTC */
    done(
      locale: Locale,
      made: { readonly form: WithdrawalForm; readonly id: string; readonly receivedAt: string },
    ): string {
      const words = pageWords[locale];
      const rows = [
        { label: words.receivedLabel, value: formats[locale].dateTime(made.receivedAt) },
        ...statementRows(locale, made.form),
        { label: words.referenceLabel, value: made.id },
      ];
      return render('done', locale, words.doneTitle, { rows });
    },

    trouble: (locale: Locale, what: Trouble): string =>
      render('trouble', locale, pageWords[locale].troubleTitle, { notice: pageWords[locale][what] }),
  };
}

function statementRows(locale: Locale, form: WithdrawalForm) {
  const words = pageWords[locale];
  return [
    { label: words.statementLabel, value: words.statement },
    ...withdrawalFields.map((field) => ({ label: words.fields[field].label, value: form[field] })),
  ];
}

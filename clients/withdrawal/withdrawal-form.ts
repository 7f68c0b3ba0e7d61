import { z } from 'zod';
import { findCardNumbers } from '../../domain/card-number.ts';

export const withdrawalFields = ['name', 'orderNumber', 'email'] as const;
export type WithdrawalField = (typeof withdrawalFields)[number];

export type WithdrawalForm = Readonly<Record<WithdrawalField, string>>;
/** Which fields cannot be read, and how: a key of the page's words. */
export type FormProblems = Partial<Readonly<Record<WithdrawalField, 'missing' | 'invalid' | 'card'>>>;

export const emptyForm: WithdrawalForm = { name: '', orderNumber: '', email: '' };

const longest = 200;
/** What is typed is repeated in a mail, so it holds no address that a mail program would make a link of. */
const rules: Readonly<Record<WithdrawalField, z.ZodType<string>>> = {
  name: z.string().regex(/^(?!.*(:\/\/|www\.))[^<>]*$/is),
  orderNumber: z.string().regex(/^[\w\s-]{4,60}$/),
  email: z.email().max(254),
};

/** What was sent, trimmed and cut to what a person may type, and what is wrong with it. */
export function readWithdrawalForm(body: unknown): { readonly form: WithdrawalForm; readonly problems: FormProblems } {
  const sent = z.record(z.string(), z.unknown()).catch({}).parse(body);
  const text = (field: WithdrawalField): string => {
    const value = sent[field];
    return typeof value === 'string' ? value.replace(/\s+/g, ' ').trim().slice(0, longest) : '';
  };
  const form = { name: text('name'), orderNumber: text('orderNumber'), email: text('email') };
  const problems: FormProblems = Object.fromEntries(
    withdrawalFields.flatMap((field) => {
      const problem = problemOf(field, form[field]);
      return problem === null ? [] : [[field, problem]];
    }),
  );
  return { form, problems };
}

function problemOf(field: WithdrawalField, value: string): 'missing' | 'invalid' | 'card' | null {
  if (value === '') return 'missing';
  if (findCardNumbers([value]).length > 0) return 'card';
  return rules[field].safeParse(value).success ? null : 'invalid';
}

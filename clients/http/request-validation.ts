import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { Failure } from '../../domain/failures.ts';
import type { InputProblem } from '../../domain/failures.ts';

/** Checks a part of a request by its zod schema; what does not fit is `request.invalid` with a path for each problem. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema }) => {
  return (data) => {
    const parsed = schema.safeParse(data);
    return parsed.success ? { value: parsed.data } : { error: invalidRequest(parsed.error) };
  };
};

/** Answers are typed by their schemas at compile time, so they are only written out. */
export const serializerCompiler = () => (data: unknown) => JSON.stringify(data);

export function invalidRequest(error: z.ZodError): Failure {
  const problems = error.issues.flatMap(problemsOf);
  const first = problems[0];
  const where = first === undefined || first.path === '' ? '' : `${first.path}: `;
  return new Failure('request.invalid', `${where}${first?.message ?? 'not valid'}`, { problems });
}

function problemsOf(issue: z.core.$ZodIssue): InputProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: pathText([...issue.path, key]), message: 'This field is not known here' }));
  }
  const meant = issue.code === 'invalid_union' ? meantForm(issue) : [];
  return meant.length > 0
    ? meant.flatMap((inner) => problemsOf({ ...inner, path: [...issue.path, ...inner.path] }))
    : [{ path: pathText(issue.path), message: issue.message }];
}

/** Of a body that may have several forms: the problems of the one that it comes closest to, by the fewest of them. */
function meantForm({ errors }: z.core.$ZodIssueInvalidUnion): readonly z.core.$ZodIssue[] {
  const rightKind = errors.filter((issues) => !issues.some(isOfAnotherKind));
  return [...rightKind].sort((one, other) => weight(one) - weight(other))[0] ?? [];
}

/** An array where an object was wanted, say: not one field of it could be looked at. */
function isOfAnotherKind(issue: z.core.$ZodIssue): boolean {
  if (issue.path.length > 0) return false;
  return issue.code === 'invalid_union'
    ? issue.errors.every((issues) => issues.some(isOfAnotherKind))
    : issue.code === 'invalid_type';
}

function weight(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0);
}

/** ["lines", 0, "quantity"] → "lines[0].quantity". */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const name = String(part);
    if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === '' ? name : `${text}.${name}`;
  }, '');
}

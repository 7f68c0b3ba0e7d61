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
  return [{ path: pathText(issue.path), message: issue.message }];
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

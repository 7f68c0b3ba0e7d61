import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { gatewayIds } from '../../services/payment/gateway-registry.ts';
import { messageTemplates } from '../../domain/message/message.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, sourceFiles } from './source.ts';
import type { SourceFile } from './source.ts';

const files = sourceFiles();
const isTest = ({ path }: SourceFile): boolean => path.startsWith('test/');
const lineCount = (text: string): number => text.trimEnd().split('\n').length;

/** Longest file of its kind. */
function limitOf(file: SourceFile): number {
  if (isTest(file)) return 400;
  return file.path.endsWith('.workflow.ts') ? 200 : 300;
}

const longestFunction = 60;

describe('size', () => {
  it('of a file: workflows 200 lines, tests 400, everything else 300', () => {
    const long = files.filter((file) => lineCount(file.text) > limitOf(file));
    expect(long.map(({ path, text }) => `${path}: ${lineCount(text)}`)).toEqual([]);
  });

  it(`of a function: ${longestFunction} lines of its own, functions inside it not counted`, () => {
    expect(files.filter((file) => !isTest(file)).flatMap(longFunctions)).toEqual([]);
  });

  it('is measured: a function of 61 lines would be found', () => {
    const body = (lines: number): string => `export function f() {\n${'g();\n'.repeat(lines - 2)}}`;
    expect(longFunctions({ path: 'x.ts', text: body(60) })).toEqual([]);
    expect(longFunctions({ path: 'x.ts', text: body(61) })).toEqual(['x.ts: f 61']);
  });
});

function longFunctions({ path, text }: SourceFile): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const long: string[] = [];
  const linesOf = (node: ts.Node): number =>
    source.getLineAndCharacterOfPosition(node.end).line -
    source.getLineAndCharacterOfPosition(node.getStart(source)).line +
    1;
  /** Visits the tree and returns how many lines belong to functions inside the node. */
  function inner(node: ts.Node): number {
    let nested = 0;
    ts.forEachChild(node, (child) => {
      nested += inner(child);
    });
    if (!ts.isFunctionLike(node)) return nested;
    const own = linesOf(node) - nested;
    const name = node.name?.getText(source) ?? 'anonymous';
    if (own > longestFunction) long.push(`${path}: ${name} ${own}`);
    return linesOf(node);
  }
  inner(source);
  return long;
}

describe('names', () => {
  it('of files are kebab-case, and none is a drawer', () => {
    const drawers = /(^|\/)(utils?|helpers?|common|misc|types?)(\/|\.|$)/;
    const kebab = /^[a-z0-9-]+(\.[a-z0-9-]+)*$/;
    const wrong = files.filter(({ path }) => drawers.test(path) || !path.split('/').every((part) => kebab.test(part)));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('of providers are unknown to domain and workflows', () => {
    const providers = new RegExp([...gatewayIds, 'sandbox'].join('|'), 'i');
    const knowing = sourceFiles(['domain', 'workflows']).filter(({ text }) => providers.test(text));
    expect(knowing.map(({ path }) => path)).toEqual([]);
  });
});

describe('tests', () => {
  it('are all run: none is skipped, none runs alone', () => {
    const modifier = /\b(it|test|describe)\.(skip|only|todo|failing)(\.each)?\(|\b(xit|xdescribe|fit|fdescribe)\(/;
    // Not this line, which names them.
    const wrong = files.filter(
      ({ path, text }) => path.endsWith('.test.ts') && !path.endsWith('limits.test.ts') && modifier.test(text),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it('try every property as often as propertyRuns() says, so that the deep run reaches it', () => {
    expect(files.filter(isTest).flatMap(propertiesWithoutRuns)).toEqual([]);
  });

  it('with a property that says nothing, or a number of its own, would be found', () => {
    const found = (call: string): string[] => propertiesWithoutRuns({ path: 'x.ts', text: call });
    expect(found('fc.assert(p, { numRuns: propertyRuns() }); fc.assert(p, runs);')).toEqual([]);
    expect(found('fc.assert(p);\nawait fc.assert(p, { numRuns: 60 });')).toEqual(['x.ts:1', 'x.ts:2']);
  });
});

function propertiesWithoutRuns({ path, text }: SourceFile): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'fc.assert') {
      const options = node.arguments[1]?.getText() ?? '';
      if (options === '' || /numRuns: *[\d_]+/.test(options))
        found.push(`${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('message templates', () => {
  it.each(messageTemplates)('%s exists in every language', (template) => {
    for (const locale of ['en', 'de'])
      expect(existsSync(join(root, 'services/messages/templates', template, `${locale}.mjml`))).toBe(true);
  });
});

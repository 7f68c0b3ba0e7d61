import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { runChild } from './child-process.ts';
import { findOnPath, type Machine } from './machine.ts';

/** Builds a part into `folder`; `scratch` is removed afterwards. Throws when it fails. */
export type Build = (folder: string, scratch: string, machine: Machine) => Promise<void>;

/** A program from a Go module, for example `example.org/tool/cmd/tool@v1.2.3`. */
export function goBuild(module: string): Build {
  return async (folder, scratch, machine) => {
    const go = requireTools(['go'], machine)[0];
    // Its own module and build cache, because they hold 3 GB that nobody needs afterwards.
    const env = {
      ...machine.env,
      GOPATH: join(scratch, 'path'),
      GOCACHE: join(scratch, 'cache'),
      GOBIN: folder,
      CGO_ENABLED: '0',
    };
    // -modcacherw: Go's module cache is read-only else, and cannot be removed.
    await run(go, ['install', '-modcacherw', '-ldflags', '-s -w', module], env, scratch);
  };
}

/** A Java program of ours (one source file) on top of Maven artifacts, with a launcher script `launch`. */
export interface JavaProgram {
  /** Our source file; its main class has the file's name. */
  readonly source: string;
  /** `group:artifact:version`, with their dependencies. */
  readonly artifacts: readonly string[];
}

/** A Java program with its libraries and a launcher script `launch`; it runs on Java 17 or newer. */
export function javaBuild(program: JavaProgram): Build {
  return async (folder, scratch, machine) => {
    const [mvn, javac] = requireTools(['mvn', 'javac', 'java'], machine);
    const libraries = join(folder, 'lib');
    const pom = join(scratch, 'pom.xml');
    await writeFile(pom, pomFile(program.artifacts));
    const goals = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${libraries}`];
    await run(mvn, ['-q', '-B', '-f', pom, ...goals], machine.env, scratch);
    const classes = join(folder, 'classes');
    await mkdir(classes);
    const options = ['-proc:none', '--release', '17', '-cp', join(libraries, '*'), '-d', classes];
    await run(javac, [...options, program.source], machine.env, scratch);
    const launcher = join(folder, 'launch');
    await writeFile(launcher, launcherScript(basename(program.source, '.java')));
    await chmod(launcher, 0o755);
  };
}

/** Eight characters that change with the source file, so that an edited one is built again. */
export async function sourceVersion(source: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 8);
}

/** Error of a build that cannot even begin. */
export class MissingToolsError extends Error {}

function requireTools<const Names extends readonly string[]>(
  names: Names,
  machine: Machine,
): { [K in keyof Names]: string } {
  const found = names.map((name) => findOnPath(name, machine.env));
  const missing = names.filter((_, index) => found[index] === null);
  if (missing.length > 0) throw new MissingToolsError(`not on PATH: ${missing.join(', ')}`);
  return found as { [K in keyof Names]: string };
}

async function run(program: string, args: string[], env: NodeJS.ProcessEnv, cwd: string): Promise<void> {
  try {
    await runChild(program, args, { env, cwd });
  } catch (error) {
    throw new Error(withoutAddresses(error instanceof Error ? error.message : String(error)), { cause: error });
  }
}

/** Build tools repeat the addresses that they were configured with, and those may contain passwords. */
function withoutAddresses(text: string): string {
  return text.replaceAll(/\bhttps?:\/\/\S+/g, '(address)').replaceAll(/\blookup \S+( on \S+)?/g, 'lookup (address)');
}

// C1 only and the serial collector: it starts faster and, on two cores, also inserts faster than the full compiler.
function launcherScript(mainClass: string): string {
  return [
    '#!/bin/sh',
    'here=$(dirname "$0")',
    `exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$here/classes:$here/lib/*" ${mainClass} "$@"`,
    '',
  ].join('\n');
}

function pomFile(artifacts: readonly string[]): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>waybill</groupId><artifactId>stack</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`;
}

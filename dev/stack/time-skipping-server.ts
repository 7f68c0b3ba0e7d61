import { access, constants } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { javaBuild, sourceVersion } from './build.ts';
import { findPart, type Recipe } from './find-part.ts';
import { setting, thisMachine } from './machine.ts';

const SOURCE = fileURLToPath(new URL('./java/TimeSkippingServer.java', import.meta.url));
const VERSION = '1.35.0';

/** How Temporal's time-skipping test server is found. */
export async function timeSkippingRecipe(): Promise<Recipe> {
  return {
    part: 'test-server',
    programOnPath: 'temporal-test-server',
    built: {
      label: `temporal-test-server ${VERSION}`,
      folder: `temporal-test-server-${VERSION}-${await sourceVersion(SOURCE)}`,
      program: 'launch',
      usually: '15 s',
      build: javaBuild({
        source: SOURCE,
        // The second only silences a warning about a missing logger.
        artifacts: [`io.temporal:temporal-test-server:${VERSION}`, 'org.slf4j:slf4j-nop:1.7.36'],
      }),
    },
    ways: [
      "set TEMPORAL_TEST_SERVER to the path of Temporal's time-skipping test server",
      'install a JDK 17 or newer and Maven, so that `java`, `javac` and `mvn` are on PATH',
    ],
  };
}

/**
 * Path of an executable for
 * `TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`.
 * Throws when there is no way to get one.
 */
export async function findTimeSkippingServer(
  log: (line: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ path: string }> {
  const machine = thisMachine(log, env);
  const path = setting('TEMPORAL_TEST_SERVER', env);
  if (path === null) {
    const found = await findPart(await timeSkippingRecipe(), machine);
    log(`test-server: ${found.origin}`);
    return { path: found.path };
  }
  await access(path, constants.X_OK).catch((error: unknown) => {
    throw new Error(`test-server: TEMPORAL_TEST_SERVER=${path} is not an executable file`, { cause: error });
  });
  log('test-server: TEMPORAL_TEST_SERVER');
  return { path };
}

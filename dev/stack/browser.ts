import { access } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { chromium } from 'playwright-core';
import { runChild } from './child-process.ts';
import { findOnPath, setting, type Machine } from './machine.ts';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

/** What headless Chromium is started with: no sandbox, because containers run it as root; nothing in the background. */
export const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

/**
 * Finds Chromium: CHROMIUM_PATH, then PATH, then Playwright's own download, then Debian's package when we are root there.
 * Throws an error that says what to install or to set.
 */
export async function findBrowser(machine: Machine): Promise<string> {
  const named = setting('CHROMIUM_PATH', machine.env);
  if (named !== null) {
    if (await exists(named)) return found(machine, named, 'CHROMIUM_PATH');
    throw new Error(`browser: CHROMIUM_PATH=${named} is not there`);
  }
  const onPath = programOnPath(machine);
  if (onPath !== null) return found(machine, onPath, 'on PATH');
  // Playwright throws where it knows no browser for this system.
  const own = await Promise.resolve()
    .then(() => chromium.executablePath())
    .catch(() => '');
  if (own !== '' && (await exists(own))) return found(machine, own, "Playwright's own");
  const installed = await installOnDebian(machine);
  if (installed !== null) return found(machine, installed, 'installed with apt-get');
  throw new Error(
    [
      `browser: no Chromium on this machine (${platform()} ${arch()})`,
      'Do one of these and start again:',
      '  - install Chromium, so that `chromium` is on PATH (Debian: apt-get install chromium)',
      '  - set CHROMIUM_PATH to the executable of a Chromium or Chrome',
    ].join('\n'),
  );
}

function found(machine: Machine, path: string, origin: string): string {
  machine.log(`browser: ${origin}, ${path}`);
  return path;
}

function programOnPath({ env }: Machine): string | null {
  for (const program of PROGRAMS) {
    const path = findOnPath(program, env);
    if (path !== null) return path;
  }
  return null;
}

/** Null when this is not Debian, we are not root, or the package cannot be had. */
async function installOnDebian(machine: Machine): Promise<string | null> {
  const apt = findOnPath('apt-get', machine.env);
  if (apt === null || process.getuid?.() !== 0) return null;
  machine.log('browser: installing the Debian package chromium, usually a minute, once per machine');
  const started = Date.now();
  const progress = setInterval(
    () => machine.log(`browser: still installing, ${Math.round((Date.now() - started) / 1000)} s`),
    20_000,
  );
  const env = { ...machine.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await runChild(apt, ['update'], { env });
    await runChild(apt, ['install', '-y', '--no-install-recommends', 'chromium'], { env });
  } catch (error) {
    machine.log(`browser: apt-get did not install it: ${lastLine(error)}`);
    return null;
  } finally {
    clearInterval(progress);
  }
  return programOnPath(machine);
}

function lastLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trimEnd().split('\n').at(-1) ?? '';
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

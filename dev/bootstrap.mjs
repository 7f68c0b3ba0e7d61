// node dev/bootstrap.mjs <script.ts> [args]: runs a script on a fresh clone. It installs the dependencies when they are
// missing or older than package-lock.json, so only Node's own modules may be imported here.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './stack/lock.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MODULES = join(ROOT, 'node_modules');
const STAMP = join(MODULES, '.waybill-lock-hash');
const OLDEST_NODE = 20;

async function main() {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) fail('usage: node dev/bootstrap.mjs <script.ts> [args]');
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    fail(`Waybill needs Node.js ${OLDEST_NODE} or newer; this is ${process.versions.node}.`);
  }
  await installIfNeeded();
  await runScript(resolve(ROOT, script), args);
}

async function installIfNeeded() {
  const wanted = sha256(await readFile(join(ROOT, 'package-lock.json')));
  if (await isInstalled(wanted)) return;
  // Outside node_modules, which npm removes, and outside the repository.
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const lock = join(cache, 'waybill', `install-${sha256(ROOT).slice(0, 12)}.lock`);
  await withLock(
    lock,
    async () => {
      if (await isInstalled(wanted)) return;
      if (!(await matchesLock())) await install();
      await writeFile(STAMP, wanted);
    },
    () => console.error('dependencies: another process is installing them, waiting'),
  );
}

async function isInstalled(wanted) {
  return (await readFile(STAMP, 'utf8').catch(() => '')) === wanted;
}

/** True when somebody ran npm themselves: npm notes in node_modules what it installed. */
async function matchesLock() {
  try {
    const wanted = await packagesOf(join(ROOT, 'package-lock.json'));
    const installed = await packagesOf(join(MODULES, '.package-lock.json'));
    return Object.entries(wanted).every(
      ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
    );
  } catch {
    return false;
  }
}

async function packagesOf(file) {
  return JSON.parse(await readFile(file, 'utf8')).packages;
}

// Not `npm ci`: it refuses a lock file that lacks the builds of some optional package for other systems, and a registry
// that does not carry those cannot write another one. `--no-save` installs what the lock file says and leaves it alone.
async function install() {
  console.error('dependencies: installing with npm, usually less than a minute');
  const npm = spawn('npm', ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 2, 2], // stdout belongs to the script
    shell: process.platform === 'win32',
  });
  const { code } = await ended(npm);
  if (code !== 0) throw new Error(`npm install failed (${code}); its reason is above`);
}

async function runScript(script, args) {
  const tsx = import.meta.resolve('tsx');
  const watch = new URL('./stack/parent-watch.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', watch, '--import', tsx, script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the script directly; a second one would mean "at once" to it.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  const { code, signal } = await ended(child);
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function ended(child) {
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code, signal) => done({ code, signal }));
  });
}

function sha256(data) {
  return createHash('sha256').update(data).digest('hex');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

main().catch((error) => fail(error.message));

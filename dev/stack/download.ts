import { access, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.ts';
import { startChild, type Child } from './child-process.ts';
import type { Machine } from './machine.ts';

/** Parts that a library can download for us. */
export type Downloadable = 'temporal' | 'mongodb' | 'test-server';

const DOWNLOADER = fileURLToPath(new URL('./downloader.mjs', import.meta.url));
const REMEMBER_MS = 24 * 60 * 60 * 1000;
/** A network that says no often says nothing at all: no byte by then counts as no. */
const FIRST_BYTE_MS = 6_000;
const SILENCE_MS = 30_000;
const TOTAL_MS = 10 * 60_000;

/** Path of the program that was downloaded earlier, or null. */
export async function findDownloaded(part: Downloadable, machine: Machine): Promise<string | null> {
  const folder = downloadFolder(part, machine);
  try {
    const program = join(folder, (await readFile(join(folder, 'program.txt'), 'utf8')).trim());
    await access(program);
    return program;
  } catch {
    return null;
  }
}

/** Downloads a part; null when the network does not allow it, which is remembered on this machine for a day. */
export async function download(part: Downloadable, machine: Machine): Promise<string | null> {
  if (await wasRefused(part, machine)) return null;
  const folder = downloadFolder(part, machine);
  const scratch = `${folder}.part`;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  machine.log(`${part}: trying the ordinary download`);
  let printed = '';
  const child = startChild(process.execPath, [DOWNLOADER, part, scratch], {
    env: machine.env,
    onLine: (line) => (printed = line),
  });
  const reason = await superviseDownload(part, child, scratch, machine);
  if (reason !== null) {
    await rm(scratch, { recursive: true, force: true });
    await rememberRefused(part, machine);
    machine.log(`${part}: no download (${reason}); not tried again for a day`);
    return null;
  }
  await writeFile(join(scratch, 'program.txt'), relative(scratch, printed));
  await rm(folder, { recursive: true, force: true });
  await rename(scratch, folder);
  return findDownloaded(part, machine);
}

/** Notes that downloads of this part are refused on this machine. */
export async function rememberRefused(part: Downloadable, machine: Machine): Promise<void> {
  await mkdir(cacheFolder(machine.env), { recursive: true });
  await writeFile(refusalFile(part, machine), new Date().toISOString());
}

async function wasRefused(part: Downloadable, machine: Machine): Promise<boolean> {
  try {
    const at = Date.parse(await readFile(refusalFile(part, machine), 'utf8'));
    return Date.now() - at < REMEMBER_MS;
  } catch {
    return false;
  }
}

/** Null when the download succeeded, else the reason why it did not. */
async function superviseDownload(part: string, child: Child, folder: string, machine: Machine): Promise<string | null> {
  const started = Date.now();
  let grown = { bytes: 0, at: started };
  let told = started;
  for (;;) {
    const end = await Promise.race([child.ended, sleep(250, null)]);
    if (end !== null) return end.code === 0 ? null : 'the network or the server refused it';
    const bytes = await bytesIn(folder);
    const now = Date.now();
    if (bytes > grown.bytes) grown = { bytes, at: now };
    if (now - grown.at > (bytes === 0 ? FIRST_BYTE_MS : SILENCE_MS) || now - started > TOTAL_MS) {
      await child.kill();
      return `no answer for ${Math.round((now - grown.at) / 1000)} s`;
    }
    if (bytes > 0 && now - told > 5_000) {
      told = now;
      machine.log(`${part}: downloading, ${Math.round(bytes / 1e6)} MB so far`);
    }
  }
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.lock'));
  const sizes = await Promise.all(
    files.map((entry) =>
      stat(join(entry.parentPath, entry.name)).then(
        (found) => found.size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function downloadFolder(part: Downloadable, machine: Machine): string {
  return join(cacheFolder(machine.env), `${part}-downloaded`);
}

/** The cache may lie on a home folder that several machines share; each has its own network. */
function refusalFile(part: Downloadable, machine: Machine): string {
  return join(cacheFolder(machine.env), `${part}-download-refused-${hostname()}`);
}

// Plain JavaScript because bootstrap.mjs needs it before TypeScript can run.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';

const HEARTBEAT_MS = 2_000;
const SILENT_MS = 15_000;
const POLL_MS = 100;

export async function withLock(file, work, onWait = () => {}) {
  const token = randomUUID();
  await mkdir(dirname(file), { recursive: true });
  await acquire(file, token, onWait);
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await read(file))?.token === token) await unlink(file).catch(() => {});
  }
}

async function acquire(file, token, onWait) {
  const content = JSON.stringify({ pid: process.pid, host: hostname(), token });
  let seen = { key: '', since: 0 };
  let told = false;
  while (!(await create(file, content))) {
    const owner = await read(file);
    if (owner !== null) {
      // Silence is measured on our own clock: a laptop that slept must not make every lock look old.
      if (owner.key !== seen.key) seen = { key: owner.key, since: performance.now() };
      if (isDead(owner) || performance.now() - seen.since > SILENT_MS) await breakLock(file, owner.key);
    }
    if (!told) onWait();
    told = true;
    await sleep(POLL_MS);
  }
}

/** Only one process at a time removes a stale lock, and looks again first: else it could remove its successor. */
async function breakLock(file, key) {
  const breaker = `${file}.break`;
  if (!(await create(breaker, ''))) {
    const age = await stat(breaker).then(
      (found) => Date.now() - found.mtimeMs,
      () => 0,
    );
    if (age > SILENT_MS) await unlink(breaker).catch(() => {});
    return;
  }
  try {
    if ((await read(file))?.key === key) await unlink(file);
  } finally {
    await unlink(breaker).catch(() => {});
  }
}

async function create(file, content) {
  try {
    await writeFile(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The owner and a key that changes with every sign of life; null when the lock is gone. */
async function read(file) {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    return { ...parse(text), key: `${text}@${mtimeMs}` };
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // created, but not written yet
  }
}

function isDead(owner) {
  if (owner.pid === undefined || owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

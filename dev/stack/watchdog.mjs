// watchdog.mjs <program> [args]: runs a program that ends when our stdin closes. The pipe closes however the parent ends,
// also by SIGKILL, when no handler of the parent can run any more. It leads a process group of its own, so that Ctrl-C
// reaches the parent only and the parent decides the order of the shutdown.
import { spawn } from 'node:child_process';
import { setTimeout } from 'node:timers';

const GRACE_MS = 5_000;
const [program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
let stopping = false;

child.on('error', (error) => {
  console.error(error.message);
  process.exit(127);
});
child.on('exit', (code) => {
  if (stopping) killGroup();
  process.exit(code ?? 1);
});

// What the program itself started (compilers, a JVM behind a script) is in the same group.
function killGroup() {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

function stop() {
  if (stopping) return;
  stopping = true;
  child.kill('SIGTERM');
  setTimeout(killGroup, GRACE_MS);
}

for (const event of ['end', 'close', 'error']) process.stdin.on(event, stop);
process.stdin.resume();
// Output that nobody reads any more is no reason to die before the child.
for (const stream of [process.stdout, process.stderr]) stream.on('error', stop);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);

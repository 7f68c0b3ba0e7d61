// Loaded before a script that bootstrap.mjs starts: file descriptor 3 closes when bootstrap.mjs is gone, also by SIGKILL.
// The script then gets the SIGTERM that bootstrap.mjs could not send.
import { Socket } from 'node:net';

const pipe = new Socket({ fd: 3, readable: true, writable: false });
for (const event of ['end', 'error']) pipe.on(event, () => process.kill(process.pid, 'SIGTERM'));
pipe.resume();
pipe.unref();

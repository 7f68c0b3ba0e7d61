import { connect, createServer, type Socket } from 'node:net';

/** A wire that can be cut: the server behind it stays as it is, its clients see connection errors. */
export interface FaultProxy {
  /** Stops listening and breaks every connection. */
  readonly cut: () => Promise<void>;
  /** Listens again on the same port. */
  readonly mend: () => Promise<void>;
}

/** Forwards `port` of 127.0.0.1 to `target`, another port of 127.0.0.1. */
export async function startFaultProxy(port: number, target: number): Promise<FaultProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    const ends = [client, upstream];
    for (const socket of ends) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined); // 'close' follows
      socket.on('close', () => {
        sockets.delete(socket);
        for (const end of ends) end.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  const mend = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      for (const socket of sockets) socket.resetAndDestroy();
    });
  await mend();
  return { cut, mend };
}

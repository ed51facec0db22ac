import { connect, createServer, type Socket } from 'node:net';

/** A way to a server on this machine that can fall silent without closing, as a broken network does. */
export interface Relay {
  port: number;
  /** Bytes that have come from the server so far. */
  passed(): number;
  /** From now on nothing passes. */
  freeze(): void;
  /** What was open is cut; what comes passes again. */
  thaw(): void;
  close(): Promise<void>;
}

/** @param to port of the server */
export async function startRelay(to: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  let frozen = false;
  let passed = 0;
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('data', (chunk) => {
        if (one === far) passed += chunk.length;
        if (!frozen) other.write(chunk);
      });
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        if (!frozen) other.destroy();
      });
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    passed: () => passed,
    freeze: () => (frozen = true),
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}

/** A way to a hub on which a file can be held up half-way, so that a hub may be killed while the file is coming in. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A way to a hub. */
export interface SlowWay {
  /** Where the hub is found by this way. */
  readonly url: string;
  /** Holds up the next file after so many bytes of its request; fulfilled when the hub has been given them. */
  holdAfter(bytes: number): Promise<void>;
  close(): void;
}

/** Opens a way to the hub at this address, which may go and come. */
export async function openSlowWay(hubUrl: string): Promise<SlowWay> {
  const { hostname: host, port } = new URL(hubUrl);
  let hold: { readonly bytes: number; readonly reached: () => void } | undefined;
  const open = new Set<Socket>();
  const server = createServer((from) => {
    const to = connect(Number(port), host);
    for (const socket of [from, to]) {
      open.add(socket);
      // A hub that is killed breaks its connections: so does its way.
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        from.destroy();
        to.destroy();
      });
    }
    to.pipe(from);
    let passed: number | undefined;
    from.on('data', (chunk: Buffer) => {
      if (passed === undefined && chunk.subarray(0, 14).toString('latin1') === 'POST /records/') passed = 0;
      const left = hold === undefined || passed === undefined ? chunk.length : hold.bytes - passed;
      passed = passed === undefined ? undefined : passed + Math.min(left, chunk.length);
      if (left >= chunk.length) {
        to.write(chunk);
        return;
      }
      from.pause();
      const reached = hold?.reached;
      hold = undefined;
      to.write(chunk.subarray(0, left), () => reached?.());
    });
    from.on('end', () => to.end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    holdAfter: (bytes) =>
      new Promise((reached) => {
        hold = { bytes, reached };
      }),
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** Where the hub listens, and what its operator is told when it cannot. */
import { createServer } from 'node:net';
import type { Config } from '../platform/config.ts';

/** A start that failed for a reason that the operator can mend; the message says how. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The part of the configuration that says where. */
export type Address = Pick<Config, 'host' | 'port'>;

/** Fails in a moment, and not after the demo data was loaded. Throws StartError. */
export async function assertPortIsFree(address: Address): Promise<void> {
  if (address.port === 0) return;
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      reject(whyNotListening(error, address));
    });
    probe.listen(address.port, address.host, () => {
      probe.close(() => {
        resolve();
      });
    });
  });
}

/** What node:net said of an address, as what to do about it. */
export function whyNotListening(error: unknown, { host, port }: Address): StartError {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new StartError(
      `Port ${String(port)} is in use, perhaps by another hub. Take another one: HUB_PORT=${String(port + 1)} npm start`,
    );
  }
  if (code === 'EACCES') return new StartError(`Port ${String(port)} needs rights that this user lacks; set HUB_PORT.`);
  if (code === 'EADDRNOTAVAIL') return new StartError(`${host} is no address of this machine; set HUB_HOST.`);
  return new StartError(`The hub cannot listen on ${host}:${String(port)} (${String(code)}).`);
}

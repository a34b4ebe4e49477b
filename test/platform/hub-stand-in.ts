/** A process that uses an embedded server as a hub does; it stops it on SIGTERM and is there to be killed. */
import { startEmbedded } from '../../src/platform/embedded-postgres.ts';
import { silentLog } from '../../src/platform/log.ts';

const [, , dir = ''] = process.argv;
const server = await startEmbedded({ dir, log: silentLog, durable: false });
process.once('SIGTERM', () => void server.stop());
process.stdout.write(`${JSON.stringify({ ownerUrl: server.ownerUrl, adopted: server.adopted })}\n`);

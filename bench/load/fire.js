/** The load, in a process of its own: autocannon with requests that differ, and latencies finer than its milliseconds. */
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const { url, headers, connections, seconds, bodies: file, marker, run } = JSON.parse(process.argv[2] ?? '{}');
const bodies = readFileSync(file, 'utf8').split('\n');

let sent = 0;
/** The next body; a marker in it becomes the number of this request, so that no key is ever reported twice. */
function next() {
  const body = bodies[sent % bodies.length] ?? '';
  sent += 1;
  return marker === undefined
    ? body
    : body.replaceAll(marker, `${run}${String(sent).padStart(marker.length - 1, '0')}`);
}

const latencies = [];
let bytes = 0;
let refused = 0;

const shots = autocannon({
  url,
  connections,
  duration: seconds,
  sampleInt: 100,
  method: 'POST',
  headers,
  timeout: 60,
  requests: [{ setupRequest: (request) => ({ ...request, body: next() }) }],
  // An answer with errors begins with them, whoever gives it.
  verifyBody: (body) => body.startsWith('{"data"'),
});
shots.on('response', (_client, status, size, milliseconds) => {
  latencies.push(milliseconds);
  bytes += size;
  if (status !== 200) refused += 1;
});

const { errors, timeouts, mismatches, duration } = await shots;
latencies.sort((a, b) => a - b);
const percentile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? null;
process.stdout.write(
  JSON.stringify({
    requests: latencies.length,
    seconds: duration,
    bytes,
    p50: percentile(0.5),
    p99: percentile(0.99),
    failed: refused + errors + timeouts + mismatches,
  }),
);

/**
 * The load, a process of its own for a whole run: autocannon with requests that differ, and latencies finer than its
 * milliseconds. Takes an order as a message and answers it with what it saw.
 */
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

process.on('message', ({ number, order }) => {
  fire(order).then(
    (shots) => process.send({ number, shots }),
    (error) => process.send({ number, fault: error instanceof Error ? error.message : 'unknown' }),
  );
});

/** What the last order asked; the next one mostly asks the same again. */
const asked = { file: '', bodies: [] };

async function fire({ url, headers, bodies: file, connections, seconds, once, marker, run }) {
  if (asked.file !== file) Object.assign(asked, { file, bodies: readFileSync(file, 'utf8').split('\n') });
  const { bodies } = asked;
  let sent = 0;
  /** The next body; a marker in it becomes the number of this request, so that no key is ever reported twice. */
  const next = () => {
    const body = bodies[sent % bodies.length] ?? '';
    sent += 1;
    return marker === undefined
      ? body
      : body.replaceAll(marker, `${run}${String(sent).padStart(marker.length - run.length, '0')}`);
  };

  const latencies = [];
  let bytes = 0;
  let refused = 0;
  const before = process.cpuUsage();
  const shots = autocannon({
    url,
    connections,
    ...(once ? { amount: Math.max(connections, bodies.length) } : { duration: seconds }),
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
  const { user, system } = process.cpuUsage(before);
  latencies.sort((a, b) => a - b);
  const percentile = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? null;
  return {
    requests: latencies.length,
    seconds: duration,
    bytes,
    p50: percentile(0.5),
    p99: percentile(0.99),
    failed: refused + errors + timeouts + mismatches,
    // Microseconds.
    cpu: user + system,
  };
}

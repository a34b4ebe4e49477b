import { LRUCache } from 'lru-cache';
import type { PoolClient } from '../../platform/database.ts';
import type { PreparedOperation } from './prepared-entry.ts';

/** Rows of `access_operation`: written when an operation is first seen, then known by number. */
export class Operations {
  /** Digest in hexadecimal to number. */
  readonly #numbers = new LRUCache<string, number>({ max: 20_000 });

  /** The number of an operation whose row is known to be there. */
  numberOf(operation: PreparedOperation): number | undefined {
    return this.#numbers.get(operation.key);
  }

  /**
   * Numbers of the operations by digest, in hexadecimal. Missing rows are written outside any business transaction: two
   * of those would wait for each other over the same new operation.
   */
  async register(client: PoolClient, operations: Iterable<PreparedOperation>): Promise<ReadonlyMap<string, number>> {
    const numbers = new Map<string, number>();
    const missing = new Map<string, PreparedOperation>();
    for (const operation of operations) {
      const number = this.#numbers.get(operation.key);
      if (number === undefined) missing.set(operation.key, operation);
      else numbers.set(operation.key, number);
    }
    if (missing.size === 0) return numbers;
    // In the order of their keys, as another process may be writing some of them.
    const rows = [...missing.values()].sort((a, b) => Buffer.compare(a.digest, b.digest));
    const digests = rows.map((row) => row.digest);
    await client.query(INSERT, [
      digests,
      rows.map((row) => row.kind),
      rows.map((row) => row.department),
      rows.map((row) => row.role),
      rows.map((row) => row.purpose),
      rows.map((row) => row.policyVersion),
      rows.map((row) => row.name),
      rows.map((row) => row.text),
      rows.map((row) => JSON.stringify(row.nodes)),
    ]);
    const found = await client.query<{ digest: Buffer; number: number }>(
      'select digest, number from access_operation where digest = any($1::bytea[])',
      [digests],
    );
    for (const { digest, number } of found.rows) {
      const key = digest.toString('hex');
      this.#numbers.set(key, number);
      numbers.set(key, number);
    }
    return numbers;
  }
}

// The look-up comes first because a conflict would use up a number each time.
const INSERT = `
  insert into access_operation (digest, kind, department, role, purpose, policy_version, name, text, nodes)
  select n.* from unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::text[], $8::text[],
    $9::jsonb[]) as n (digest, kind, department, role, purpose, policy_version, name, text, nodes)
  where not exists (select from access_operation known where known.digest = n.digest)
  order by n.digest
  on conflict (digest) do nothing`;

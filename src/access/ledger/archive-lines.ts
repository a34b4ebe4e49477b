/** The lines of an archived month, read from the database in one snapshot and in portions. */
import type { PoolClient } from '../../platform/database.ts';
import type { ArchiveLine, ArchivedSeal } from './archive-file.ts';
import type { Link } from './digests.ts';
import { monthOfId, partitionOf } from './months.ts';
import { knownDigests } from './archives.ts';
import { quoteIdent } from '../../platform/database.ts';

const PORTION = 1_000;

interface Row {
  readonly chain: number;
  readonly seq: number | null;
  readonly id: string;
  readonly atMicros: string;
  readonly operation: number;
  readonly client: string;
  readonly caseNo: string | null;
  readonly decision: string;
  readonly reason: string | null;
  readonly items: number | null;
  readonly persons: string[] | null;
  readonly personNodes: string | null;
  readonly households: string[] | null;
  readonly householdNodes: string | null;
  readonly misses: Buffer[] | null;
  readonly digest: Buffer;
}

interface SealRow {
  readonly seq: number;
  readonly atMicros: string;
  readonly closing: boolean;
  readonly digest: Buffer;
  readonly previous: Buffer | null;
  readonly links: Link[] | null;
  readonly entries: Buffer | null;
}

/** Throws where an entry has no seal. The client is in a transaction of one snapshot. */
export async function* archiveLines(client: PoolClient, month: string): AsyncGenerator<ArchiveLine> {
  const table = quoteIdent(partitionOf(month));
  yield { what: 'ledger-month', version: 1, month };
  yield* operationsOf(client, table);
  yield* chainsOf(client, table);
  let [entries, seals] = [0, 0];
  let place = '';
  await client.query(`declare archived no scroll cursor for
    select r.chain, coalesce(nullif(r.seal, 0), w.seq) as seq, r.id,
      (extract(epoch from r.at) * 1000000)::bigint::text as "atMicros", r.operation, r.client, r.case_no as "caseNo",
      r.decision, r.reason, r.items, r.persons, r.person_nodes as "personNodes", r.households,
      r.household_nodes as "householdNodes", r.misses, r.digest
    from ${table} r
    left join ledger_sealed_write w on r.seal = 0 and w.chain = r.chain and w.entry_id = r.id
    order by 1, 2, 3`);
  for (;;) {
    const { rows } = await client.query<Row>(`fetch ${PORTION} from archived`);
    for (const { chain, seq, digest, misses, ...entry } of rows) {
      if (seq === null) throw new Error(`Entry ${entry.id} of ${month} has no seal: start a hub, and run this again.`);
      if (place !== `${chain}/${seq}`) {
        place = `${chain}/${seq}`;
        seals += 1;
        yield await sealOf(client, chain, seq, month);
      }
      entries += 1;
      yield {
        what: 'entry',
        ...entry,
        misses: misses && misses.map((miss) => miss.toString('hex')),
        digest: digest.toString('hex'),
      };
    }
    if (rows.length < PORTION) break;
  }
  await client.query('close archived');
  yield { what: 'end', entries, seals };
}

async function* operationsOf(client: PoolClient, table: string): AsyncGenerator<ArchiveLine> {
  type Operation = Omit<Extract<ArchiveLine, { what: 'operation' }>, 'what'>;
  const { rows } = await client.query<Operation>(
    `select number, encode(digest, 'hex') as digest, kind, department, role, purpose, policy_version as "policyVersion",
       name, text, nodes
     from access_operation where number in (select distinct operation from ${table}) order by number`,
  );
  for (const row of rows) yield { what: 'operation', ...row };
}

async function* chainsOf(client: PoolClient, table: string): AsyncGenerator<ArchiveLine> {
  const { rows } = await client.query<{ number: number; id: string; startedMicros: string }>(
    `select number, id, (extract(epoch from started_at) * 1000000)::bigint::text as "startedMicros"
     from ledger_chain where number in (select distinct chain from ${table}) order by number`,
  );
  for (const row of rows) yield { what: 'chain', ...row };
}

async function sealOf(client: PoolClient, chain: number, seq: number, month: string): Promise<ArchivedSeal> {
  const { rows } = await client.query<SealRow>({
    name: 'archived-seal',
    text: `select s.seq, (extract(epoch from s.at) * 1000000)::bigint::text as "atMicros", s.closing, s.digest, s.links,
        s.entries, before.digest as previous
      from ledger_seal s left join ledger_seal before on before.chain = s.chain and before.seq = s.seq - 1
      where s.chain = $1 and s.seq = $2`,
    values: [chain, seq],
  });
  const [seal] = rows;
  if (seal === undefined) throw new Error(`Seal ${seq} of chain ${chain} is not there; run: hub ledger verify`);
  const entries = idsIn(seal.entries);
  const elsewhere = entries.filter((id) => monthOfId(id) !== month);
  return {
    what: 'seal',
    ...seal,
    chain,
    digest: seal.digest.toString('hex'),
    previous: seal.previous && seal.previous.toString('hex'),
    entries,
    others: elsewhere.length === 0 ? {} : await digestsOf(client, chain, elsewhere),
  };
}

/** Digests of entries of a chain that lie in other months, archived ones among them. */
async function digestsOf(client: PoolClient, chain: number, ids: readonly string[]): Promise<Record<string, string>> {
  const { rows } = await client.query<{ id: string; digest: string }>(
    `select id, encode(digest, 'hex') as digest from access_record where chain = $1 and id = any($2::uuid[])`,
    [chain, ids],
  );
  const found = new Map(rows.map(({ id, digest }) => [id, digest]));
  const known = found.size < ids.length ? await knownDigests(client) : undefined;
  return Object.fromEntries(
    ids.flatMap((id) => {
      const digest = found.get(id) ?? known?.get(id)?.toString('hex');
      return digest === undefined ? [] : [[id, digest]];
    }),
  );
}

/** The ids of a seal, in its order. */
export const idsIn = (entries: Buffer | null): string[] =>
  (entries?.toString('hex').match(/.{32}/g) ?? []).map((id) =>
    id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  );

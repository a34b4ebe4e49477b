/** The policy's rows: versions that are never changed, and which one is in force. The rows decide. */
import { z } from 'zod';
import { inTransaction } from '../../platform/database.ts';
import type { Pool, PoolClient } from '../../platform/database.ts';
import { newId } from '../../platform/id.ts';
import { revocationsOf, storedRevocation } from '../revocations/index.ts';
import type { Agreement, PolicyContent, PolicyData } from './agreement.ts';
import type { PolicyFiles } from './files.ts';
import { fromStoredAgreement, fromStoredGroup, storedAgreement, storedGroup } from './forms.ts';
import { raiseStamp } from './stamp.ts';

/** Where a version came from. */
export type VersionOrigin =
  | { readonly origin: 'FILES' }
  | {
      readonly origin: 'CHANGE';
      readonly changeId: string;
      readonly draftedBy: string;
      readonly publishedBy: string;
      readonly summary: string;
    };

/** Which version is in force after the files were offered. */
export interface Published {
  readonly version: number;
  /** A change was published in the database since: its rows decide, and the files were left alone. */
  readonly filesLeft: boolean;
}

/** Whoever makes a version is alone with it until the transaction ends. */
export async function lockPolicy(tx: PoolClient): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('hub policy'))`);
}

/**
 * Publishes the files as a new version when they differ from the version in force and that one came from files. As soon
 * as a change was published in the database, files decide nothing any more.
 */
export async function publishPolicy(owner: Pool, { digest, ...content }: PolicyFiles): Promise<Published> {
  return inTransaction(owner, async (tx) => {
    await lockPolicy(tx);
    const { rows } = await tx.query<{ version: number; digest: Buffer; origin: string }>(
      'select v.version, v.digest, v.origin from policy_head h join policy_version v using (version)',
    );
    const [current] = rows;
    if (current?.digest.equals(digest) === true) return { version: current.version, filesLeft: false };
    if (current?.origin === 'CHANGE') return { version: current.version, filesLeft: true };
    return { version: await writeVersion(tx, content, digest, { origin: 'FILES' }), filesLeft: false };
  });
}

/** Writes a complete version and puts it in force with a new stamp. The caller holds `lockPolicy`. */
export async function writeVersion(
  tx: PoolClient,
  { groups, agreements }: PolicyContent,
  digest: Buffer,
  from: VersionOrigin,
): Promise<number> {
  const { rows } = await tx.query<{ next: number }>('select coalesce(max(version), 0) + 1 as next from policy_version');
  const version = rows[0]?.next ?? 1;
  const made = from.origin === 'CHANGE' ? [from.changeId, from.draftedBy, from.publishedBy, from.summary] : [];
  await tx.query(
    `insert into policy_version (version, digest, origin, change_id, drafted_by, published_by, summary)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [version, digest, from.origin, ...[0, 1, 2, 3].map((i) => made[i] ?? null)],
  );
  await tx.query(
    `insert into policy_group
       (version, name, title, owner, attribute, legal_basis, format, rhythm, sensitivity, note)
     select $1, name, title, owner, attribute, "legalBasis", format, rhythm, sensitivity, note
       from jsonb_to_recordset($2::jsonb) as g (name text, title text, owner text, attribute text, "legalBasis" text,
         format text, rhythm text, sensitivity text, note text)`,
    [version, JSON.stringify([...groups.values()])],
  );
  const written = agreements.map((agreement) => ({ id: newId(), agreement }));
  await tx.query(
    `insert into policy_agreement (id, version, number, department, role, title, legal_basis, purposes, valid_from,
       valid_until, state, state_reason, emergency, smallest_count, misses_per_day)
     select id, $1, number, department, role, title, "legalBasis", purposes, "validFrom", "validUntil", state,
         "stateReason", emergency, "smallestCount", "missesPerDay"
       from jsonb_to_recordset($2::jsonb) as a (id uuid, number text, department text, role text, title text,
         "legalBasis" text, purposes varchar[], "validFrom" date, "validUntil" date, state text, "stateReason" text,
         emergency boolean, "smallestCount" int, "missesPerDay" int)`,
    [
      version,
      JSON.stringify(
        written.map(({ id, agreement: { operations: _, rows: __, fields: ___, ...plain } }) => ({ id, ...plain })),
      ),
    ],
  );
  const each = <T>(of: (agreement: Agreement) => Iterable<T>, row: (one: T) => readonly (string | null)[]) =>
    written.flatMap(({ id, agreement }) => [...of(agreement)].map((one) => [id, ...row(one)]));
  await insertRows(
    tx,
    'policy_operation (agreement_id, name)',
    each(
      ({ operations }) => operations,
      (name) => [name],
    ),
  );
  await insertRows(
    tx,
    'policy_row (agreement_id, type_name, scope)',
    each(
      ({ rows: scopes }) => scopes,
      (scope) => scope,
    ),
  );
  await insertRows(
    tx,
    'policy_field (agreement_id, group_name, access, scope)',
    each(
      ({ fields }) => fields,
      ([group, { access, scope }]) => [group, access, scope ?? null],
    ),
  );
  // The server's role may change the head, and only the owner make it.
  const { rowCount } = await tx.query('update policy_head set version = $1', [version]);
  if (rowCount === 0) await tx.query('insert into policy_head (version) values ($1)', [version]);
  await raiseStamp(tx);
  return version;
}

/** Rows of a table, the first column an agreement's id. */
async function insertRows(tx: PoolClient, into: string, rows: readonly (readonly (string | null)[])[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = first.map((_, i) => rows.map((row) => row[i]));
  const names = columns.map((_, i) => `c${i}`);
  await tx.query(
    `insert into ${into} select ${names.map((name, i) => (i === 0 ? `${name}::uuid` : name)).join(', ')}
       from unnest(${names.map((_, i) => `$${i + 1}::text[]`).join(', ')}) as t (${names.join(', ')})`,
    columns,
  );
}

/** What version $VERSION says, as one JSON object. */
const contentOf = (version: string): string => `
  'groups', (select json_agg(json_build_object('name', g.name, 'title', g.title, 'owner', g.owner,
      'attribute', g.attribute, 'legalBasis', g.legal_basis, 'format', g.format, 'rhythm', g.rhythm,
      'sensitivity', g.sensitivity, 'note', g.note) order by g.name)
    from policy_group g where g.version = ${version}),
  'agreements', (select json_agg(json_build_object(
      'number', a.number, 'department', a.department, 'role', a.role, 'title', a.title, 'legalBasis', a.legal_basis,
      'purposes', a.purposes, 'validFrom', a.valid_from, 'validUntil', a.valid_until, 'state', a.state,
      'stateReason', a.state_reason, 'emergency', a.emergency, 'smallestCount', a.smallest_count, 'missesPerDay', a.misses_per_day,
      'operations', (select coalesce(json_agg(o.name order by o.name), '[]')
        from policy_operation o where o.agreement_id = a.id),
      'rows', (select coalesce(json_object_agg(r.type_name, r.scope order by r.type_name), '{}')
        from policy_row r where r.agreement_id = a.id),
      'fields', (select coalesce(json_object_agg(f.group_name, concat_ws(':', f.access, f.scope) order by f.group_name), '{}')
        from policy_field f where f.agreement_id = a.id)) order by a.number)
    from policy_agreement a where a.version = ${version})`;

const storedContent = z.object({
  groups: z.array(storedGroup).nullable(),
  agreements: z.array(storedAgreement).nullable(),
});
const storedPolicy = storedContent.extend({
  version: z.int(),
  stamp: z.int(),
  revocations: z.array(storedRevocation),
});
/** In the same snapshot as the stamp, which every revocation raises. */
const REVOCATIONS = `
  'revocations', (select coalesce(json_agg(json_build_object('department', r.department, 'tokenId', r.token_id,
      'client', r.client, 'issuedBefore', r.issued_before)), '[]') from revocation r)`;

const toContent = ({ groups, agreements }: z.infer<typeof storedContent>): PolicyContent => ({
  groups: new Map((groups ?? []).map((group) => [group.name, fromStoredGroup(group)])),
  agreements: (agreements ?? []).map(fromStoredAgreement),
});

/**
 * The policy in force, in one snapshot.
 * @throws Error when none was published
 */
export async function loadPolicy(pool: Pool | PoolClient): Promise<PolicyData> {
  const { rows } = await pool.query<{ policy: unknown }>(
    `select json_build_object('version', h.version, 'stamp', h.stamp, ${REVOCATIONS}, ${contentOf('h.version')}) as policy from policy_head h`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('No sharing policy is published; run "hub migrate" as the owner');
  const policy = storedPolicy.parse(row.policy);
  const { version, stamp, revocations } = policy;
  return { version, stamp, revocations: revocationsOf(revocations), ...toContent(policy) };
}

/** What any version that was ever published says; undefined where there is no such version. */
export async function loadVersion(pool: Pool | PoolClient, version: number): Promise<PolicyContent | undefined> {
  const { rows } = await pool.query<{ content: unknown }>(
    `select json_build_object(${contentOf('v.version')}) as content from policy_version v where v.version = $1`,
    [version],
  );
  const [row] = rows;
  return row === undefined ? undefined : toContent(storedContent.parse(row.content));
}

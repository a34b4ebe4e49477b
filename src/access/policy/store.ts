/** The policy's rows: published from `schema/policy` by the owner, read by every hub process. The rows decide. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { inTransaction } from '../../platform/database.ts';
import type { Pool } from '../../platform/database.ts';
import { newId } from '../../platform/id.ts';
import { DEPARTMENTS, PURPOSES, ROLES } from '../caller.ts';
import { SCOPES } from '../row-scope.ts';
import type { Agreement, FieldGroup, PolicyData } from './agreement.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const narrowing = z.enum(['region', 'caseload', 'case', 'own-department']);

/** `full`, `masked`, or with a scope narrower than the row's: `full:case`. */
const grant = z.string().transform((text, context) => {
  const [access, scope] = text.split(':');
  const parsed = z
    .object({ access: z.enum(['full', 'masked']), scope: narrowing.optional() })
    .safeParse({ access, scope });
  if (parsed.success) return { access: parsed.data.access, scope: parsed.data.scope };
  context.addIssue({
    code: 'custom',
    message: `"${text}" is not full or masked, with :region, :caseload, :case or :own-department`,
  });
  return z.NEVER;
});

const agreementFile = z.strictObject({
  department: z.enum(DEPARTMENTS),
  role: z.enum(ROLES),
  title: z.string().min(1),
  legalBasis: z.string().min(1),
  purposes: z.array(z.enum(PURPOSES)).min(1),
  validFrom: date,
  validUntil: date.optional(),
  smallestCount: z.int().min(0).default(0),
  operations: z.array(z.string()),
  rows: z.record(z.string(), z.enum(SCOPES)),
  fields: z.record(z.string(), grant),
});

const catalogueFile = z.record(
  z.string(),
  z.strictObject({
    title: z.string().min(1),
    owner: z.enum(DEPARTMENTS),
    attribute: z.enum(['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED']),
    legalBasis: z.string().min(1),
  }),
);

type PolicyFiles = {
  readonly groups: readonly FieldGroup[];
  readonly agreements: readonly Agreement[];
  readonly digest: Buffer;
};

/**
 * Reads `catalogue.json` and `agreements/*.json`.
 * @throws Error that names the file and every fault in it
 */
export function readPolicyFiles(dir: string): PolicyFiles {
  const hash = createHash('sha256');
  const read = <T>(name: string, form: z.ZodType<T>): T => {
    const text = readFileSync(join(dir, name), 'utf8');
    hash.update(name).update('\0').update(text).update('\0');
    const parsed = form.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(`schema/policy/${name}:\n${z.prettifyError(parsed.error)}`);
    return parsed.data;
  };
  const groups = Object.entries(read('catalogue.json', catalogueFile)).map(([name, group]) => ({ name, ...group }));
  const names = readdirSync(join(dir, 'agreements'))
    .filter((name) => name.endsWith('.json'))
    .sort();
  const agreements = names.map((name): Agreement => {
    const file = read(join('agreements', name), agreementFile);
    return {
      ...file,
      validUntil: file.validUntil,
      operations: new Set(file.operations),
      rows: new Map(Object.entries(file.rows)),
      fields: new Map(Object.entries(file.fields)),
    };
  });
  return { groups, agreements, digest: hash.digest() };
}

/** Publishes the files as a new version when they differ from the version in force. Returns the version in force. */
export async function publishPolicy(owner: Pool, { groups, agreements, digest }: PolicyFiles): Promise<number> {
  return inTransaction(owner, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('hub policy'))`);
    const { rows } = await client.query<{ version: number; digest: Buffer }>(
      'select v.version, v.digest from policy_head h join policy_version v using (version)',
    );
    const current = rows[0];
    if (current?.digest.equals(digest) === true) return current.version;
    const { rows: newest } = await client.query<{ next: number }>(
      'select coalesce(max(version), 0) + 1 as next from policy_version',
    );
    const version = newest[0]?.next ?? 1;
    await client.query('insert into policy_version (version, digest) values ($1, $2)', [version, digest]);
    for (const group of groups) {
      await client.query(
        'insert into policy_group (version, name, title, owner, attribute, legal_basis) values ($1, $2, $3, $4, $5, $6)',
        [version, group.name, group.title, group.owner, group.attribute, group.legalBasis],
      );
    }
    for (const agreement of agreements) {
      const id = newId();
      await client.query(
        `insert into policy_agreement (id, version, department, role, title, legal_basis, purposes, valid_from, valid_until, smallest_count)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
        [
          id,
          version,
          agreement.department,
          agreement.role,
          agreement.title,
          agreement.legalBasis,
          agreement.purposes,
          agreement.validFrom,
          agreement.validUntil ?? null,
          agreement.smallestCount,
        ],
      );
      await client.query('insert into policy_operation select $1, unnest($2::text[])', [id, [...agreement.operations]]);
      await client.query('insert into policy_row select $1, unnest($2::text[]), unnest($3::text[])', [
        id,
        [...agreement.rows.keys()],
        [...agreement.rows.values()],
      ]);
      const grants = [...agreement.fields.values()];
      await client.query(
        'insert into policy_field select $1, unnest($2::text[]), unnest($3::text[]), unnest($4::text[])',
        [
          id,
          [...agreement.fields.keys()],
          grants.map(({ access }) => access),
          grants.map(({ scope }) => scope ?? null),
        ],
      );
    }
    await client.query(
      'insert into policy_head (version) values ($1) on conflict (only_row) do update set version = excluded.version',
      [version],
    );
    return version;
  });
}

/**
 * The policy in force, in one snapshot.
 * @throws Error when none was published
 */
export async function loadPolicy(pool: Pool): Promise<PolicyData> {
  const { rows } = await pool.query<{ policy: unknown }>(`
    select json_build_object(
      'version', h.version,
      'groups', (select json_agg(json_build_object('name', g.name, 'title', g.title, 'owner', g.owner,
          'attribute', g.attribute, 'legalBasis', g.legal_basis)) from policy_group g where g.version = h.version),
      'agreements', (select json_agg(json_build_object(
          'department', a.department, 'role', a.role, 'title', a.title, 'legalBasis', a.legal_basis,
          'purposes', a.purposes, 'validFrom', a.valid_from, 'validUntil', a.valid_until,
          'smallestCount', a.smallest_count,
          'operations', (select coalesce(json_agg(o.name), '[]') from policy_operation o where o.agreement_id = a.id),
          'rows', (select coalesce(json_object_agg(r.type_name, r.scope), '{}') from policy_row r where r.agreement_id = a.id),
          'fields', (select coalesce(json_object_agg(f.group_name, concat_ws(':', f.access, f.scope)), '{}')
            from policy_field f where f.agreement_id = a.id)))
        from policy_agreement a where a.version = h.version)) as policy
    from policy_head h`);
  const row = rows[0];
  if (row === undefined) throw new Error('No sharing policy is published; run "hub migrate" as the owner');
  const policy = storedPolicy.parse(row.policy);
  return {
    version: policy.version,
    groups: new Map(policy.groups.map((group) => [group.name, group])),
    agreements: policy.agreements.map((agreement) => ({
      ...agreement,
      validUntil: agreement.validUntil ?? undefined,
      operations: new Set(agreement.operations),
      rows: new Map(Object.entries(agreement.rows)),
      fields: new Map(Object.entries(agreement.fields)),
    })),
  };
}

const storedPolicy = z.object({
  version: z.int(),
  groups: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      owner: z.string(),
      attribute: z.enum(['UNCONDITIONAL', 'CONDITIONAL', 'NOT_SHARED']),
      legalBasis: z.string(),
    }),
  ),
  agreements: z.array(agreementFile.extend({ validUntil: date.nullable() })),
});

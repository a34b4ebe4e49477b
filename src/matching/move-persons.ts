/**
 * Persons merged and split. Every reference to a person that the database knows of is moved, also of tables that came later,
 * and every moved row is written down (functions of the migration), so that undoing puts each back to where it was.
 */
import type { PoolClient } from '../platform/database.ts';
import { sqlState } from '../platform/database.ts';
import { badUserInput } from '../platform/errors.ts';
import { isId, newId } from '../platform/id.ts';
import { nameKey } from '../registry/index.ts';

/** Who does it, when, and why. */
export interface Acting {
  readonly by: string;
  /** Divisions that the registrar answers for: what lies elsewhere looks like what is not there. */
  readonly regions: readonly string[];
  readonly at: Date;
  readonly reason: string;
}

/** A merge or split. */
export interface PersonAct {
  readonly id: string;
  readonly kind: 'MERGE' | 'SPLIT';
  readonly keptId: string;
  readonly otherId: string;
  /** Rows that moved. */
  readonly moved: number;
}

/** All rows of a source, or the one with the key. */
export interface SourceRows {
  readonly sourceSystem: string;
  readonly sourceKey?: string | null | undefined;
}

/** What is taken from a person and given to a new one. */
export interface Part {
  readonly identifierIds: readonly string[];
  readonly rows: readonly SourceRows[];
  /** Name of the new person; the same without it. */
  readonly name?: string | null | undefined;
}

/**
 * Everything of the absorbed person becomes the kept one's; the absorbed id stays an alias. Throws BAD_USER_INPUT where one of them is not
 * there, is an alias already, or the two have what one person cannot have twice: then nothing is moved.
 */
export async function mergeInto(tx: PoolClient, kept: string, absorbed: string, acting: Acting): Promise<PersonAct> {
  if (kept === absorbed) throw badUserInput('absorbedId: it is the same person');
  await lockStanding(tx, [kept, absorbed], acting);
  const id = await writeAct(tx, 'MERGE', kept, absorbed, acting);
  const moved = await moveAll(tx, id, absorbed, kept);
  await tx.query('insert into person_alias (alias_id, person_id, act_id) values ($1, $2, $3)', [absorbed, kept, id]);
  return { id, kind: 'MERGE', keptId: kept, otherId: absorbed, moved };
}

/**
 * Gives the identifiers and rows that are named to a new person, at the same home. Throws BAD_USER_INPUT for a person who is
 * not there, and for identifiers that are not that person's.
 */
export async function splitFrom(tx: PoolClient, person: string, part: Part, acting: Acting): Promise<PersonAct> {
  await lockStanding(tx, [person], acting);
  if (part.identifierIds.length === 0 && part.rows.length === 0)
    throw badUserInput('identifierIds, rows: name at least one identifier or one source');
  const { rowCount } = await tx.query('select from person_identifier where id = any($1::uuid[]) and person_id = $2', [
    part.identifierIds.map((id) => checkedId(id, 'identifierIds')),
    person,
  ]);
  if (rowCount !== new Set(part.identifierIds).size)
    throw badUserInput('identifierIds: one of them is no identifier of this person');
  const other = newId();
  await tx.query(COPY, [
    other,
    person,
    part.name ?? null,
    part.name == null ? null : nameKey(part.name),
    acting.at,
    part.identifierIds,
  ]);
  const id = await writeAct(tx, 'SPLIT', person, other, acting);
  const moved = await callMove(tx, [id, person, other, JSON.stringify(part.rows.map(toSource)), part.identifierIds]);
  if (moved === 0) throw badUserInput('rows: nothing of this person is from these sources');
  return { id, kind: 'SPLIT', keptId: person, otherId: other, moved };
}

/**
 * Takes a merge or split back: every row that it moved is where it was before. What came to the person of a split since goes back
 * with it. Throws BAD_USER_INPUT where there is no such act, it was undone, or a later one of the same persons stands.
 */
export async function undoAct(
  tx: PoolClient,
  kind: PersonAct['kind'],
  actId: string,
  acting: Acting,
): Promise<PersonAct> {
  const { rows } = await tx.query<{ number: string; keptId: string; otherId: string; undone: boolean }>(
    `select number, kept_id as "keptId", other_id as "otherId", undone_at is not null as undone
     from person_act where id = $1 and kind = $2 for no key update`,
    [checkedId(actId, 'id'), kind],
  );
  const [act] = rows;
  if (act === undefined) throw badUserInput(`id: there is no ${kind.toLowerCase()} with this identifier`);
  if (act.undone) throw badUserInput('id: it was undone before');
  const { keptId, otherId } = act;
  if ((await lockPersons(tx, [keptId, otherId], acting)) < 2)
    throw badUserInput(`id: there is no ${kind.toLowerCase()} with this identifier`);
  const later = await tx.query(
    `select from person_act where number > $1 and undone_at is null and (kept_id = any($2) or other_id = any($2)) limit 1`,
    [act.number, [keptId, otherId]],
  );
  if (later.rowCount !== 0)
    throw badUserInput('id: these persons were merged or split again since; undo the latest of these acts first');
  const returned = await tx.query<{ n: string }>('select return_person_rows($1) as n', [actId]);
  let moved = Number(returned.rows[0]?.n ?? 0);
  if (kind === 'SPLIT') {
    moved += await moveAll(tx, actId, otherId, keptId);
    await tx.query('insert into person_alias (alias_id, person_id, act_id) values ($1, $2, $3)', [
      otherId,
      keptId,
      actId,
    ]);
  }
  await tx.query('update person_act set undone_by = $2, undone_at = $3, undo_reason = $4 where id = $1', [
    actId,
    acting.by,
    acting.at,
    acting.reason,
  ]);
  return { id: actId, kind, keptId, otherId, moved };
}

const COPY = `
  insert into person (id, name, name_key, sex, birth_date, region_code, township_code, county_code, prefecture_code, province_code,
    source_system, source_key, as_of, recorded_at)
  select $1, coalesce($3, p.name), coalesce($4, p.name_key), coalesce(n.sex, p.sex), coalesce(n.born, p.birth_date), p.region_code, p.township_code,
    p.county_code, p.prefecture_code, p.province_code, p.source_system, p.source_key, p.as_of, $5
  from person p
  left join lateral (
    select case when substr(i.match_key, 17, 1)::int % 2 = 1 then '1' else '2' end as sex, to_date(substr(i.match_key, 7, 8), 'YYYYMMDD') as born
    from person_identifier i where i.id = any($6::uuid[]) and i.match_key ~ '^[0-9]{17}[0-9X]$' order by i.id limit 1
  ) n on true
  where p.id = $2`;

const toSource = ({ sourceSystem, sourceKey }: SourceRows) => ({
  source_system: sourceSystem,
  source_key: sourceKey ?? null,
});

async function writeAct(
  tx: PoolClient,
  kind: PersonAct['kind'],
  kept: string,
  other: string,
  acting: Acting,
): Promise<string> {
  const id = newId();
  await tx.query(
    'insert into person_act (id, kind, kept_id, other_id, reason, done_by, done_at) values ($1, $2, $3, $4, $5, $6, $7)',
    [id, kind, kept, other, acting.reason, acting.by, acting.at],
  );
  return id;
}

const moveAll = (tx: PoolClient, act: string, from: string, to: string): Promise<number> =>
  callMove(tx, [act, from, to, null, null]);

async function callMove(tx: PoolClient, values: readonly unknown[]): Promise<number> {
  try {
    const { rows } = await tx.query<{ n: string }>('select move_person_rows($1, $2, $3, $4, $5) as n', [...values]);
    return Number(rows[0]?.n ?? 0);
  } catch (error) {
    const state = sqlState(error);
    if (state === EXCLUSION_VIOLATION || state === UNIQUE) throw badUserInput(refusalOf(error));
    throw error;
  }
}

const EXCLUSION_VIOLATION = '23P01';
const UNIQUE = '23505';

/** What one person cannot have twice; the constraint says what, and no value is told. */
function refusalOf(error: unknown): string {
  const constraint =
    typeof error === 'object' && error !== null && 'constraint' in error ? String(error.constraint) : '';
  const found = KINDS.find(([start]) => constraint.startsWith(start));
  const [zh, en] = found?.[1] ?? [
    '两人各有一条不能并存的记录',
    `both have a record that one person cannot have twice (${constraint})`,
  ];
  return `${zh} absorbedId: ${en}; nothing was merged. End or correct one of them first`;
}

const KINDS: readonly (readonly [string, readonly [string, string]])[] = [
  ['ex_recipient', ['两人同时享受同一类救助', 'both benefit from the same programme at the same time']],
  ['uq_caseload', ['两人在同一部门的同一案件中', 'both are in one case of a department']],
  ['uq_correction', ['同一部门对两人的同一字段提出了校核', 'one department disputes the same value of both']],
  ['uq_registry_conflict', ['两人有同一待裁定冲突', 'both have the same conflict to decide']],
];

/** In the order of their ids, so that two merges of the same people never wait for each other. */
async function lockPersons(tx: PoolClient, ids: readonly string[], { regions }: Acting): Promise<number> {
  const { rowCount } = await tx.query(
    `select from person p where p.id = any($1::uuid[]) and ${inRegions('p', '$2')} order by p.id for update`,
    [[...ids], [...regions]],
  );
  return rowCount ?? 0;
}

/** Whether a placed row lies in one of the divisions of a parameter. */
export const inRegions = (row: string, parameter: string): string =>
  `array[${row}.region_code, ${row}.township_code, ${row}.county_code, ${row}.prefecture_code, ${row}.province_code]::text[] && ${parameter}::text[]`;

async function lockStanding(tx: PoolClient, ids: readonly string[], acting: Acting): Promise<void> {
  const wanted = ids.map((id) => checkedId(id, 'personId'));
  if ((await lockPersons(tx, wanted, acting)) < wanted.length) throw badUserInput('personId: there is no such person');
  const { rowCount } = await tx.query('select from person_alias where alias_id = any($1::uuid[]) limit 1', [wanted]);
  if (rowCount !== 0) throw badUserInput('personId: one of them was merged into another person; use that one');
}

function checkedId(id: string, field: string): string {
  if (!isId(id)) throw badUserInput(`${field}: not an identifier of this hub`);
  return id;
}
